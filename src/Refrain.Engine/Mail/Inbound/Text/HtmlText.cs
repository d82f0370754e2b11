using System.Net;
using System.Text;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>
/// The text of an HTML part as a reader would see it, in one pass. Quotations get the <c>&gt;</c> of plain text and the
/// containers in which mail programs put the message they answer get a line that <see cref="ReplyText"/> knows.
/// </summary>
internal static class HtmlText
{
    public const string QuotationBegins = "-----Original Message-----";
    private static readonly string[] QuotationContainers =
        ["divrplyfwdmsg", "appendonsend", "yahoo_quoted", "outlookmessageheader", "ms-outlook-mobile-reference-message", "zmail_extra", "protonmail_quote"];

    public static string From(string html)
    {
        var text = new StringBuilder(html.Length / 2);
        var quoteDepth = 0;
        for (var at = 0; at < html.Length;)
        {
            var open = html.IndexOf('<', at);
            Append(text, html.AsSpan(at, (open < 0 ? html.Length : open) - at), quoteDepth);
            if (open < 0) break;
            at = AfterTag(html, open, text, ref quoteDepth);
        }

        return WebUtility.HtmlDecode(text.ToString());
    }

    private static int AfterTag(string html, int open, StringBuilder text, ref int quoteDepth)
    {
        if (html.AsSpan(open).StartsWith("<!--", StringComparison.Ordinal)) return After(html, open, "-->");
        var close = html.IndexOf('>', open);
        if (close < 0) return html.Length;
        var tag = html.AsSpan(open + 1, close - open - 1);
        var isEnd = tag.StartsWith("/", StringComparison.Ordinal);
        var nameStart = isEnd ? tag[1..] : tag;
        var nameEnd = nameStart.IndexOfAnyExcept(NameCharacters);
        var name = nameEnd < 0 ? nameStart : nameStart[..nameEnd];
        if (!isEnd && IsAny(name, "style", "script", "title", "head") && !tag.EndsWith("/", StringComparison.Ordinal))
        {
            // An unclosed <head> hides everything after it in no mail program.
            var end = html.IndexOf("</" + name.ToString(), close, StringComparison.OrdinalIgnoreCase);
            return end < 0 ? close + 1 : After(html, end, ">");
        }

        if (IsAny(name, "blockquote")) quoteDepth = isEnd ? Math.Max(0, quoteDepth - 1) : quoteDepth + 1;
        if (IsAny(name, "br", "p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4")) NewLine(text);
        else if (IsAny(name, "td", "th")) text.Append(' ');
        if (!isEnd && IsQuotationContainer(tag)) text.Append('\n').Append(QuotationBegins).Append('\n');
        return close + 1;
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static bool IsQuotationContainer(ReadOnlySpan<char> tag)
    {
        if (tag.Length < 12) return false;
        foreach (var container in QuotationContainers)
        {
            if (tag.Contains(container, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static void Append(StringBuilder text, ReadOnlySpan<char> run, int quoteDepth)
    {
        foreach (var c in run)
        {
            var blank = c is '\r' or '\n' or '\t' or ' ';
            if (blank && (text.Length == 0 || text[^1] is ' ' or '\n')) continue;
            if (quoteDepth > 0 && (text.Length == 0 || text[^1] == '\n')) text.Append("> ");
            text.Append(blank ? ' ' : c);
        }
    }

    private static void NewLine(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] == ' ') text.Length--;
        if (text.Length > 1 && text[^1] == '\n' && text[^2] == '\n') return;
        text.Append('\n');
    }

    private static int After(string html, int from, string end)
    {
        var at = html.IndexOf(end, from, StringComparison.Ordinal);
        return at < 0 ? html.Length : at + end.Length;
    }

    private static bool IsAny(ReadOnlySpan<char> name, params ReadOnlySpan<string> names)
    {
        foreach (var candidate in names)
        {
            if (name.Equals(candidate, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
