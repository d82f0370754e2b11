using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Refrain.Engine.Mail.Compose;

/// <summary>The HTML part of an email that was written as text: paragraphs, line breaks, addresses of pages that can be clicked, nothing else.</summary>
internal static partial class TextAsHtml
{
    public static string Convert(string text)
    {
        var html = new StringBuilder();
        foreach (var paragraph in Blank().Split(text.ReplaceLineEndings("\n").Trim('\n')))
            html.Append("<p>").Append(Line(paragraph).Replace("\n", "<br>\r\n", StringComparison.Ordinal)).Append("</p>\r\n");
        return html.ToString();
    }

    private static string Line(string text)
    {
        var html = new StringBuilder();
        var done = 0;
        foreach (var page in Page().EnumerateMatches(text))
        {
            var address = WebUtility.HtmlEncode(text.Substring(page.Index, page.Length));
            html.Append(WebUtility.HtmlEncode(text[done..page.Index])).Append("<a href=\"").Append(address).Append("\">").Append(address).Append("</a>");
            done = page.Index + page.Length;
        }
        return html.Append(WebUtility.HtmlEncode(text[done..])).ToString();
    }

    [GeneratedRegex(@"\n[ \t]*\n\s*", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blank();

    // Punctuation at its end belongs to the sentence around it.
    [GeneratedRegex(@"\bhttps?://[^\s<>""]*[^\s<>""'.,;:!?)\]]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Page();
}
