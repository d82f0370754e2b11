using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>The words of a report, and apart from them the message that it gives back.</summary>
internal sealed record ReportText(string Head, string Original)
{
    private static readonly PhraseFile File = PhraseFile.Read("report-words");
    private static readonly PhraseSet Markers = new(File["original begins"]);
    private static readonly string[] Telltale = ["received", "message-id", "mime-version", "return-path", "dkim-signature", "x-mailer", "delivered-to", "x-received"];
    private static readonly string[] Usual = ["from", "to", "subject", "date", "content-type", "reply-to", "sender", "cc", "user-agent", "content-transfer-encoding"];

    public static ReportText Split(string text)
    {
        var at = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (StartsOriginal(text, at, line)) break;
            at = NextLine(text, at + line.Length);
        }

        return at >= text.Length ? new ReportText(text, "") : new ReportText(text[..at], text[at..]);
    }

    /// <summary>The lines from the first that names the address to the next that names another; the whole head if none does.</summary>
    public string FoldedAbout(string address)
    {
        var at = Head.IndexOf(address, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return Folding.Fold(Head);
        var start = Head.LastIndexOf('\n', at) + 1;
        var end = Head.Length;
        foreach (var other in Addresses.In(Head.AsSpan(at + address.Length)))
        {
            if (other.Address.Equals(address, StringComparison.OrdinalIgnoreCase)) continue;
            var place = at + address.Length + other.Index;
            var lineStart = Head.LastIndexOf('\n', place) + 1;
            if (lineStart <= at || Head.AsSpan(lineStart, place - lineStart).Trim(" \t<*->").Length > 0) continue;
            end = lineStart;
            break;
        }

        return Folding.Fold(Head[start..end]);
    }

    private static bool StartsOriginal(string text, int at, ReadOnlySpan<char> line)
    {
        var trimmed = line.Trim();
        if (trimmed.Length is 0 or > 160) return false;
        if (trimmed[0] is '-' or '=' or '|' or '*' or '_' or '+' || trimmed[^1] is ':' or '.' or '-')
        {
            var bare = Folding.Fold(trimmed.Trim("-=|*_+:. ").ToString());
            if (bare.Length > 0 && Markers.Find(bare, 0) is { } hit && hit.Length * 2 >= bare.Length && !bare.StartsWith("the original message was", StringComparison.Ordinal)) return true;
        }

        return IsTelltale(line) && IsHeaderRun(text, at);
    }

    private static bool IsTelltale(ReadOnlySpan<char> line) => HeaderFields.Read(line) is { } field && (Contains(Telltale, field.Name) || Contains(Usual, field.Name));

    /// <summary>At least three header fields close together, one of them of a kind that nobody types.</summary>
    private static bool IsHeaderRun(string text, int at)
    {
        var fields = 0;
        var telltale = 0;
        var lines = 0;
        foreach (var line in text.AsSpan(at).EnumerateLines())
        {
            if (++lines > 24 || line.Trim().Length == 0) break;
            if (line[0] is ' ' or '\t') continue;
            if (HeaderFields.Read(line) is not { } field) continue;
            fields++;
            if (Contains(Telltale, field.Name)) telltale++;
        }

        return fields >= 3 && telltale >= 1;
    }

    private static bool Contains(string[] names, string name)
    {
        foreach (var candidate in names)
        {
            if (candidate.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static int NextLine(string text, int at)
    {
        if (at < text.Length && text[at] == '\r') at++;
        if (at < text.Length && text[at] == '\n') at++;
        else if (at < text.Length && text[at] is not '\n' && at > 0 && text[at - 1] != '\r') at++;
        return at;
    }
}
