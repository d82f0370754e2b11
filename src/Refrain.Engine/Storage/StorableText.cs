using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Refrain.Engine.Storage;

/// <summary>Text that came from strangers, as every database takes it: PostgreSQL has no NUL in a text, and UTF-8 no half of a surrogate pair.</summary>
internal static class StorableText
{
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        if (text is null || !NeedsCare(text)) return text;
        var storable = new StringBuilder(text.Length);
        // A half of a pair comes as U+FFFD.
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value != 0)
                storable.Append(rune);
        return storable.ToString();
    }

    private static bool NeedsCare(ReadOnlySpan<char> text) => text.Contains('\0') || text.IndexOfAnyInRange('\ud800', '\udfff') >= 0;
}
