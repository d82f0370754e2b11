using System.Collections.Frozen;

namespace Refrain.Engine.Inbound;

/// <summary>The domains at which anybody can have a mailbox: <c>public-mail-providers.txt</c>, embedded in this assembly.</summary>
internal static class PublicMailProviders
{
    private static readonly FrozenSet<string> Listed = Read();

    /// <summary><paramref name="domain"/>: lower case.</summary>
    public static bool Include(string domain) =>
        Listed.Contains(domain) || (domain.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && domain.Count(letter => letter == '.') <= 2 && Listed.Contains($"{domain[..dot]}.*"));

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(PublicMailProviders).Assembly.GetManifestResourceStream("public-mail-providers.txt")
            ?? throw new InvalidOperationException("The list of public mail providers is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').ToFrozenSet(StringComparer.Ordinal);
    }
}
