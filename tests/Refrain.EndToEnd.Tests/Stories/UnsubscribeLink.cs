using System.Text.RegularExpressions;
using MimeKit;

namespace Refrain.EndToEnd.Tests.Stories;

/// <summary>The link that a person finds below an email.</summary>
internal static partial class UnsubscribeLink
{
    public static Uri In(MimeMessage mail)
    {
        var found = Link.Match(mail.TextBody ?? "");
        return found.Success ? new Uri(found.Groups["url"].Value) : throw new InvalidOperationException($"no way out in: {mail.TextBody}");
    }

    [GeneratedRegex(@"Unsubscribe: (?<url>http\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link { get; }
}
