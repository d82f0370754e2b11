using System.Net;

namespace Refrain.Engine.Mail.Compose;

/// <summary>The unsubscribe link below an email.</summary>
internal static class Footer
{
    // No "-- " line before it: mail programs fold away, or leave out of a quotation, what follows that line.
    public static string AddToText(string text, string url) => $"{text.TrimEnd()}\r\n\r\nUnsubscribe: {url}\r\n";

    public static string AddToHtml(string html, string url)
    {
        var address = WebUtility.HtmlEncode(url);
        var footer = $"<p style=\"font-size:12px\"><a href=\"{address}\" style=\"color:#666666\">Unsubscribe</a></p>\r\n";
        var end = html.LastIndexOf("</body", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? $"{html.TrimEnd()}\r\n{footer}" : html.Insert(end, footer);
    }
}
