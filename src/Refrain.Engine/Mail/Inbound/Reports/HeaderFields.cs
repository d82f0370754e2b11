namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>One field as it stands in text, unfolded.</summary>
internal readonly record struct HeaderField(string Name, string Value);

/// <summary>
/// Reads header fields out of text: the groups of a delivery status and the remains of a message that a gateway pasted in.
/// Laxer than a mail parser, since both are often damaged.
/// </summary>
internal static class HeaderFields
{
    private const int LongestValue = 4000;

    /// <summary>Fields in groups, which blank lines part.</summary>
    public static List<List<HeaderField>> Groups(string text)
    {
        var groups = new List<List<HeaderField>>();
        var group = new List<HeaderField>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Trim().Length == 0)
            {
                if (group.Count > 0) groups.Add(group);
                group = [];
            }
            else if (line[0] is ' ' or '\t')
            {
                Continue(group, line);
            }
            else if (Read(line) is { } field)
            {
                group.Add(field);
            }
        }

        if (group.Count > 0) groups.Add(group);
        return groups;
    }

    /// <summary>A field at the start of a line: a name without blanks, a colon.</summary>
    public static HeaderField? Read(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        if (colon is < 2 or > 60) return null;
        var name = line[..colon].TrimEnd();
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return null;
        }

        var value = line[(colon + 1)..].Trim();
        return new HeaderField(name.ToString(), value[..Math.Min(value.Length, LongestValue)].ToString());
    }

    public static string? Value(this IEnumerable<HeaderField> fields, string name)
    {
        foreach (var field in fields)
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return field.Value;
        }

        return null;
    }

    private static void Continue(List<HeaderField> group, ReadOnlySpan<char> line)
    {
        if (group.Count == 0) return;
        var last = group[^1];
        if (last.Value.Length >= LongestValue) return;
        group[^1] = last with { Value = last.Value + " " + line.Trim().ToString() };
    }
}
