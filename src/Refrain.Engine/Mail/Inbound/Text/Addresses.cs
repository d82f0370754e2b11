namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>Finds mail addresses in free text, one pass, no pattern engine.</summary>
internal static class Addresses
{
    private const int LongestLocalPart = 128;

    public readonly record struct Found(int Index, string Address)
    {
        public int End => Index + Address.Length;
    }

    public static List<Found> In(ReadOnlySpan<char> text, bool dottedOnly = true)
    {
        var found = new List<Found>();
        for (var from = 0; from < text.Length;)
        {
            var at = text[from..].IndexOf('@');
            if (at < 0) break;
            at += from;
            var start = StartOfLocalPart(text, at, from);
            var end = EndOfDomain(text, at + 1);
            if (start < at && end > at + 1 && (!dottedOnly || text[(at + 1)..end].Contains('.')))
            {
                found.Add(new Found(start, text[start..end].ToString()));
            }

            from = Math.Max(end, at + 1);
        }

        return found;
    }

    /// <summary>The first address, or null.</summary>
    public static string? First(ReadOnlySpan<char> text, bool dottedOnly = true)
    {
        var found = In(text, dottedOnly);
        return found.Count == 0 ? null : found[0].Address;
    }

    private static int StartOfLocalPart(ReadOnlySpan<char> text, int at, int floor)
    {
        var lowest = Math.Max(floor, at - LongestLocalPart);
        if (at > lowest && text[at - 1] == '"')
        {
            var open = text[lowest..(at - 1)].LastIndexOf('"');
            return open < 0 ? at : lowest + open;
        }

        var start = at;
        while (start > lowest && IsLocal(text[start - 1])) start--;
        while (start < at && text[start] is '.' or '\'' or '*' or '=' or '-' or '`' or '/' or '|') start++;
        return start;
    }

    private static int EndOfDomain(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '-' or '_') && !IsUnspacedScript(text[end])) end++;
        while (end > start && text[end - 1] is '.' or '-' or '_') end--;
        return end;
    }

    private static bool IsUnspacedScript(char c) => c is >= '\u2e80' and <= '\u9fff' or >= '\uac00' and <= '\ud7af' or >= '\uff00';

    private static bool IsLocal(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+' or '!' or '#' or '$' or '%' or '&' or '\'' or '*' or '/' or '=' or '?' or '^' or '`' or '{' or '|' or '}' or '~'
        || (c > '\u00a0' && char.IsLetter(c) && !IsUnspacedScript(c));
}
