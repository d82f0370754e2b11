using MimeKit;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Automatic;
using Refrain.Engine.Mail.Inbound.Replies;
using Refrain.Engine.Mail.Inbound.Reports;

namespace Refrain.Engine.Mail.Inbound;

/// <summary>
/// Gives every incoming message exactly one class, and names the rule that decided. The rules are a list; the first that
/// speaks wins. Reports come first because bounces may carry <c>Auto-Submitted: auto-replied</c>.
/// </summary>
public static class Classifier
{
    /// <summary>Of a longer message the beginning decides; attachments behind it are never needed.</summary>
    internal const int LongestMessage = 1024 * 1024;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = 64 };

    private static readonly Func<IncomingMail, InboundVerdict?>[] Rules =
    [
        DeliveryReport.Read,
        NotificationReport.Read,
        WebhookReport.Read,
        ComplaintReport.Read,
        CertifiedMailReport.Read,
        FreeTextReport.Read,
        Receipt.Read,
        UnsubscribeRequest.ReadForm,
        AbsenceNotice.Read,
        AutomaticAnswer.Read,
        UnsubscribeRequest.Read,
        HumanReply.Read,
    ];

    /// <summary>Reads a parsed message. No content makes it throw.</summary>
    public static InboundVerdict Classify(MimeMessage message)
    {
        var mail = new IncomingMail(message);
        foreach (var rule in Rules)
        {
            if (rule(mail) is { } verdict) return Complete(verdict, mail);
        }

        return new InboundVerdict(InboundClass.Other, mail.Parts.Excess is { } excess ? "unreadable." + excess : "none");
    }

    /// <summary>
    /// Reads a raw message, at most its first megabyte. No content makes it throw; what cannot be read is
    /// <see cref="InboundClass.Other"/> with the reason as its rule. Errors of the stream itself are the caller's.
    /// </summary>
    public static InboundVerdict Classify(Stream raw)
    {
        using var head = MessageHead.Read(raw, LongestMessage);
        if (head.Length == 0) return new InboundVerdict(InboundClass.Other, "unreadable.empty");
        try
        {
            return Classify(Parse(head));
        }
        catch (FormatException)
        {
            return new InboundVerdict(InboundClass.Other, "unreadable.headers");
        }
    }

    /// <summary>Parses no deeper than anybody writes; the message lives as long as <paramref name="head"/>. Throws <see cref="FormatException"/> where there are no headers.</summary>
    internal static MimeMessage Parse(Stream head) => new MimeParser(Options, head, MimeFormat.Entity, persistent: true).ParseMessage();

    private static InboundVerdict Complete(InboundVerdict verdict, IncomingMail mail) =>
        verdict.NewText is null && verdict.Class is InboundClass.Reply or InboundClass.OutOfOffice or InboundClass.AutoReply or InboundClass.Unsubscribe
            ? verdict with { NewText = mail.Reply.NewText is { Length: > 0 } text ? text : null }
            : verdict;
}
