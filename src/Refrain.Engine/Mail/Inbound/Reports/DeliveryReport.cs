using MimeKit;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>Delivery reports with a machine-readable part (RFC 3464), wherever in the message that part stands.</summary>
internal static class DeliveryReport
{
    private static readonly string[] StatusTypes = ["message/delivery-status", "message/global-delivery-status"];

    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (StatusText(mail) is not { } fields) return null;
        var status = DeliveryStatus.Parse(fields);
        var text = ReportText.Split(mail.Text);
        var original = OriginalMessage.Find(mail, text.Original, fields);
        var (fates, delivered) = Fates(status, text, new(() => FreeTextReport.RecipientsOf(mail, text, original)));
        if (fates.Count > 0) return ReportVerdict.Of("report.rfc3464", fates, status.OriginalMessageId is { } stated && original.MessageId is null ? original with { MessageId = stated } : original, status.EnvelopeId);
        if (delivered) return new InboundVerdict(InboundClass.Receipt, "report.rfc3464.delivered") { OriginalMessageId = original.MessageId ?? status.OriginalMessageId, EnvelopeId = status.EnvelopeId };
        return Nameless(mail, status, text, original);
    }

    // Where a gateway spoilt the MIME structure, the fields stand somewhere in the text.
    private static string? StatusText(IncomingMail mail)
    {
        if (mail.Parts.First(StatusTypes) is MimePart part) return DecodedText.Of(part);
        if (mail.Answers || !FreeTextReport.MayBeReport(mail)) return null;
        return mail.Text.Contains("\nFinal-Recipient:", StringComparison.OrdinalIgnoreCase) && mail.Text.Contains("\nAction:", StringComparison.OrdinalIgnoreCase) ? mail.Text : null;
    }

    /// <summary>One fate for each address, and whether anybody's was to get it. A group without an address is about all whom the words name.</summary>
    private static (List<FailedRecipient> Fates, bool Delivered) Fates(DeliveryStatus status, ReportText text, Lazy<IReadOnlyList<string>> named)
    {
        var fates = new List<FailedRecipient>();
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var delivered = false;
        foreach (var recipient in status.Recipients)
        {
            IReadOnlyList<string> addresses = recipient.Address is { } address ? [address] : named.Value;
            if (recipient.Action is "delivered" or "relayed" or "expanded" or "deliverable") delivered |= addresses.Count > 0;
            else fates.AddRange(addresses.Where(known.Add).Take(ReportVerdict.MostRecipients - fates.Count).Select(one => Fate(one, recipient, text)));
        }

        return (fates, delivered);
    }

    private static FailedRecipient Fate(string address, DeliveryStatus.Recipient recipient, ReportText text)
    {
        var diagnostic = Folding.Fold(recipient.Diagnostic ?? "");
        var context = Folding.Fold(recipient.StatusComment) + "\n" + text.FoldedAbout(address);
        if (recipient.Action == "delayed")
            return new(address, recipient.Action, recipient.Status, InboundClass.Delayed, BounceTable.CauseOf(diagnostic) ?? BounceTable.CauseOf(context), recipient.Diagnostic);
        var judged = BounceTable.Judge(recipient.Status, diagnostic, context);
        return new(address, recipient.Action ?? "failed", judged.Status ?? recipient.Status, judged.Class, judged.Cause, recipient.Diagnostic);
    }

    // Postfix without its bounce file reports no recipient at all: whom we wrote to is all there is.
    private static InboundVerdict Nameless(IncomingMail mail, DeliveryStatus status, ReportText text, OriginalMessage original)
    {
        var judged = BounceTable.Judge(null, "", Folding.Fold(text.Head));
        var recipients = FreeTextReport.RecipientsOf(mail, text, original);
        if (recipients.Count == 0 && original.Recipients.Count == 1) recipients = original.Recipients;
        return ReportVerdict.Of(
            "report.rfc3464.nameless",
            [.. recipients.Select(address => new FailedRecipient(address, "failed", judged.Status, judged.Class, judged.Cause, null))],
            original with { MessageId = original.MessageId ?? status.OriginalMessageId },
            status.EnvelopeId);
    }
}
