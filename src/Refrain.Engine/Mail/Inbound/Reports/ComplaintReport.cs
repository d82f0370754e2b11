using MimeKit;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>Feedback reports (RFC 5965), and those of providers that send the message back without the report's form.</summary>
internal static class ComplaintReport
{
    private static readonly PhraseFile File = PhraseFile.Read("complaint");
    private static readonly PhraseSet Subjects = new(File["subject"]);
    private static readonly PhraseSet Senders = new(File["sender"]);
    private static readonly PhraseSet Bodies = new(File["body"]);

    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (mail.Parts.First("message/feedback-report") is MimePart part) return Standard(mail, part);
        if (mail.Header("Content-Type").Contains("feedback-report", StringComparison.Ordinal)) return Verdict(mail, "complaint.rfc5965.damaged", [], null);
        return LooksAlike(mail) ? Verdict(mail, "complaint.alike", Complaining(mail), null) : null;
    }

    private static InboundVerdict Standard(IncomingMail mail, MimePart part)
    {
        var fields = HeaderFields.Groups(DecodedText.Of(part)).SelectMany(group => group).ToList();
        var type = fields.Value("Feedback-Type")?.Trim().ToLowerInvariant() ?? "abuse";

        // A provider that found the message authentic, or forged (RFC 6591), complains of nothing the recipient did.
        if (type is "not-spam" or "auth-failure") return new InboundVerdict(InboundClass.Other, "complaint.rfc5965." + type);
        var recipients = fields
            .Where(field => field.Name.Equals("Original-Rcpt-To", StringComparison.OrdinalIgnoreCase) || field.Name.Equals("Removal-Recipient", StringComparison.OrdinalIgnoreCase))
            .SelectMany(field => Addresses.In(field.Value)).Select(found => found.Address).ToList();
        return Verdict(mail, "complaint.rfc5965." + (type.Length > 20 ? "other" : type), recipients, fields.Value("Original-Envelope-Id"));
    }

    private static InboundVerdict Verdict(IncomingMail mail, string rule, IReadOnlyList<string> recipients, string? envelopeId)
    {
        var original = OriginalMessage.Find(mail, ReportText.Split(mail.Text).Original);
        var named = recipients.Count > 0 ? recipients : original.Recipients;
        return new InboundVerdict(InboundClass.Complaint, rule)
        {
            Recipients = [.. named.Distinct(StringComparer.OrdinalIgnoreCase).Take(ReportVerdict.MostRecipients).Select(address => new FailedRecipient(address, null, null, InboundClass.Complaint, null, null))],
            OriginalMessageId = original.MessageId,
            EnvelopeId = envelopeId,
        };
    }

    private static bool LooksAlike(IncomingMail mail)
    {
        // Outlook's junk mail reporting: the bare message, marked by a header of its own.
        if (mail.Has("X-HmXmrOriginalRecipient") && mail.Has("X-Reporter-IP")) return true;
        if (mail.Has("X-SpamCop-Sourceip")) return true;
        var titled = Subjects.IsIn(mail.FoldedSubject);
        var attached = mail.Parts.First("message/rfc822", "text/rfc822-headers") is not null;
        if (!titled && !attached) return false;
        var says = Bodies.IsIn(Folding.Fold(mail.Text.Length > 4000 ? mail.Text[..4000] : mail.Text));
        var official = Senders.IsIn(Folding.Fold(mail.Header("From")));
        if (attached) return (titled || says) && (official || !mail.Answers);
        return titled && says && official && ReportText.Split(mail.Text).Original.Length > 0;
    }

    private static IReadOnlyList<string> Complaining(IncomingMail mail) => [.. mail.AddressesIn("X-HmXmrOriginalRecipient")];
}
