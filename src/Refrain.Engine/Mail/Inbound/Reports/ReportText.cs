using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>The words of a report, and apart from them the message that it gives back.</summary>
internal sealed class ReportText
{
    /// <summary>What decides stands near the beginning.</summary>
    public const int LongestWords = 16_000;

    private static readonly PhraseFile File = PhraseFile.Read("report-words");
    private static readonly PhraseSet Markers = new(File["original begins"]);
    private static readonly string[] Telltale = ["received", "message-id", "mime-version", "return-path", "dkim-signature", "x-mailer", "delivered-to", "x-received"];
    private static readonly string[] Usual = ["from", "to", "subject", "date", "content-type", "reply-to", "sender", "cc", "user-agent", "content-transfer-encoding"];

    private readonly Lazy<string> foldedHead;
    private readonly Lazy<List<(int Start, string Address)>> openers;

    private ReportText(string head, string original)
    {
        (Head, Original) = (head, original);
        foldedHead = new(() => Folding.Fold(Head.Length > LongestWords ? Head[..LongestWords] : Head));
        openers = new(() => OpenersOf(Head));
    }

    public string Head { get; }

    public string Original { get; }

    /// <summary>The beginning of the head, folded.</summary>
    public string FoldedHead => foldedHead.Value;

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

    /// <summary>The lines from the first that names the address to the next that names another; the whole head if none does. The beginning of either decides.</summary>
    public string FoldedAbout(string address)
    {
        var at = Head.IndexOf(address, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return FoldedHead;
        var start = Head.LastIndexOf('\n', at) + 1;
        var end = Head.Length;
        foreach (var (lineStart, opener) in openers.Value)
        {
            if (lineStart <= at || opener.Equals(address, StringComparison.OrdinalIgnoreCase)) continue;
            end = lineStart;
            break;
        }

        return Folding.Fold(Head[start..Math.Min(end, start + LongestWords)]);
    }

    /// <summary>Where lines begin that an address opens, and which: the first of a line alone can.</summary>
    private static List<(int Start, string Address)> OpenersOf(string head)
    {
        var found = new List<(int, string)>();
        for (var start = 0; start < head.Length;)
        {
            var end = head.IndexOf('\n', start) is var feed and >= 0 ? feed : head.Length;
            var line = head.AsSpan(start, end - start);
            if (Addresses.In(line) is [var first, ..] && line[..first.Index].Trim(" \t<*->").Length == 0) found.Add((start, first.Address));
            start = end + 1;
        }

        return found;
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
