using System.Globalization;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>Enhanced status codes (RFC 3463) and SMTP reply codes (RFC 5321) in the words of a server.</summary>
internal static class StatusCodes
{
    /// <summary>Every enhanced code in the text, in order: a digit 2, 4 or 5, a dot, up to three digits, a dot, up to three digits.</summary>
    public static List<string> EnhancedIn(ReadOnlySpan<char> text)
    {
        var codes = new List<string>();
        for (var at = 0; at + 4 < text.Length; at++)
        {
            if (text[at] is not ('2' or '4' or '5') || text[at + 1] != '.' || (at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '.' or '[' or '=' or '_'))) continue;
            var subject = Digits(text, at + 2, 1);
            if (subject == 0 || at + 2 + subject >= text.Length || text[at + 2 + subject] != '.') continue;
            var detailStart = at + 3 + subject;
            var detail = Digits(text, detailStart, 3);
            var end = detailStart + detail;
            if (detail == 0 || (end < text.Length && (char.IsLetterOrDigit(text[end]) || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))) continue;
            codes.Add(text[at..end].ToString());
            at = end - 1;
        }

        return codes;
    }

    /// <summary>The first three-digit reply code of the 4yz and 5yz families; null where there is none.</summary>
    public static int? ReplyIn(ReadOnlySpan<char> text)
    {
        for (var at = 0; at + 2 < text.Length; at++)
        {
            if (text[at] is not ('4' or '5') || text[at + 1] is < '0' or > '7' || !char.IsAsciiDigit(text[at + 2])) continue;
            if (at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '.' or '/' or '@' or '_' or '<' or ',' or '$' or '+')) continue;
            if (at > 1 && text[at - 1] == '-' && char.IsLetterOrDigit(text[at - 2])) continue;
            if (at + 3 < text.Length && text[at + 3] is not (' ' or '-' or ':' or ';' or ',' or ')' or ']' or '\'' or '"' or '\r' or '\n')) continue;
            return int.Parse(text.Slice(at, 3), CultureInfo.InvariantCulture);
        }

        return null;
    }

    /// <summary>True of codes that name no detail, so that words or another code know more.</summary>
    public static bool IsVague(string code) => code.EndsWith(".0.0", StringComparison.Ordinal) || code is "5.5.0" or "4.5.0" or "5.3.0" or "4.3.0" or "5.2.0" or "5.1.0" or "5.4.0";

    private static int Digits(ReadOnlySpan<char> text, int from, int most)
    {
        var count = 0;
        while (count < most && from + count < text.Length && char.IsAsciiDigit(text[from + count])) count++;
        return count;
    }
}
