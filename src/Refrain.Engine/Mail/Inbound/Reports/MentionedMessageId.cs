using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>
/// The id of our message where a report only speaks of it: in a sentence, in a row of a table, or as a header field of its own.
/// The report's own id is none.
/// </summary>
internal static class MentionedMessageId
{
    private const int LongestLine = 2000;
    private const int WidestGap = 24;
    private const string Breaks = " \t<>\"',;()[]|\\{}";
    private static readonly string[] Fields = ["X-Riferimento-Message-ID", "X-Original-Message-ID", "Original-Message-ID"];
    private static readonly PhraseSet Labels = new(PhraseFile.Read("report-addresses")["message id"]);

    public static string? In(IncomingMail mail)
    {
        foreach (var field in Fields)
        {
            if (mail.Headers(field).Select(value => OriginalMessage.IdIn(value)).FirstOrDefault() is { } stated) return stated;
        }

        var own = mail.Headers("Message-ID").Select(value => OriginalMessage.IdIn(value)).FirstOrDefault();
        var above = "";
        foreach (var whole in mail.Text.AsSpan().EnumerateLines())
        {
            var line = whole[..Math.Min(whole.Length, LongestLine)].Trim();
            if (line.Length == 0) continue;
            if (line.Contains('@') && InLine(line, above, own) is { } id) return id;
            above = line.Length < 80 ? Folding.Fold(line.ToString()) : "";
        }

        return null;
    }

    private static string? InLine(ReadOnlySpan<char> line, string above, string? own)
    {
        for (var from = 0; line[from..].IndexOf('@') is var next and >= 0;)
        {
            var at = from + next;
            var start = at;
            while (start > 0 && !Breaks.Contains(line[start - 1], StringComparison.Ordinal)) start--;
            var rest = start > 0 && line[start - 1] == '<' ? line[(start - 1)..] : line[start..End(line, at)];
            var before = Folding.Fold(line[..start].ToString()).TrimEnd('<');
            if (IsLabelled(before.Length > 0 ? before : above) && OriginalMessage.IdIn(rest) is { } id && id != own) return id;
            from = Math.Max(at + 1, End(line, at));
        }

        return null;
    }

    private static bool IsLabelled(string before) => Labels.FindAll(before) is [.., var last] && before.Length - last.End <= WidestGap;

    private static int End(ReadOnlySpan<char> line, int at)
    {
        while (at < line.Length && !Breaks.Contains(line[at], StringComparison.Ordinal)) at++;
        return at;
    }
}
