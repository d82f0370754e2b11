using System.Text;
using MimeKit;
using MimeKit.Utils;
using Refrain.Engine.Mail.Inbound;
using Refrain.Engine.Mail.Inbound.Reports;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Inbound;

/// <summary>
/// The heads of the messages that a report gives back. Some providers write a Message-ID of their own over ours; subject and date, to the second, then tell our
/// message from one that a person sent by hand, even under the same subject.
/// </summary>
internal sealed class ReturnedMail
{
    private const int LongestHead = 32 * 1024;
    private readonly List<(string Subject, DateTimeOffset Date)> heads = [];

    public static ReturnedMail None { get; } = new();

    public static ReturnedMail In(MimeMessage report)
    {
        var returned = new ReturnedMail();
        returned.Read(new IncomingMail(report));
        return returned;
    }

    public bool Is(MatchedMessage sent) => heads.Any(head =>
        head.Date.ToUnixTimeSeconds() == sent.IntendedAt.ToUnixTimeSeconds() && string.Equals(head.Subject, sent.Subject.Trim(), StringComparison.Ordinal));

    private void Read(IncomingMail mail)
    {
        foreach (var entity in mail.Parts.All)
        {
            if (entity is MessagePart { Message: { } whole }) Add(whole.Headers[HeaderId.Subject], whole.Headers[HeaderId.Date]);
            else if (entity is MimePart part && part.ContentType.MimeType is "text/rfc822-headers" or "message/rfc822-headers") Read(DecodedText.Of(part, LongestHead));
        }
        Read(ReportText.Split(mail.Text).Original);
    }

    private void Read(string text)
    {
        foreach (var group in HeaderFields.Groups(text.Length > LongestHead ? text[..LongestHead] : text).Take(6))
            if (group.Value("Subject") is { } subject) Add(Rfc2047.DecodeText(Encoding.UTF8.GetBytes(subject)), group.Value("Date"));
    }

    private void Add(string? subject, string? date)
    {
        if (subject is not null && date is not null && DateUtils.TryParse(date, out var sent)) heads.Add((subject.Trim(), sent));
    }
}
