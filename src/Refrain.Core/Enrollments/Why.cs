using System.Collections.Immutable;

namespace Refrain.Core.Enrollments;

/// <summary>
/// The reason for a transition: a stable code with arguments, and the sentence made from them. All three are stored together and shown as stored;
/// code and arguments let a page translate it.
/// </summary>
public sealed record Why(string Code, string Sentence, ImmutableSortedDictionary<string, string> Arguments)
{
    public static Why Of(string code, string sentence, params ReadOnlySpan<(string Name, string? Value)> arguments)
    {
        var named = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments)
            if (value is not null)
                named[name] = value;
        return new(code, sentence, named.ToImmutable());
    }
}
