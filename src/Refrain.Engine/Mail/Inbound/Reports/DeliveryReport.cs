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
        var fates = new List<FailedRecipient>();
        foreach (var recipient in status.Recipients) fates.AddRange(Fates(recipient, mail, text, original));
        if (fates.Count == 0) return Nameless(mail, status, text, original);
        if (fates.TrueForAll(fate => fate.Class == InboundClass.Receipt)) return new InboundVerdict(InboundClass.Receipt, "report.rfc3464.delivered") { OriginalMessageId = original.MessageId ?? status.OriginalMessageId, EnvelopeId = status.EnvelopeId };
        return ReportVerdict.Of("report.rfc3464", Distinct(fates), status.OriginalMessageId is { } stated && original.MessageId is null ? original with { MessageId = stated } : original, status.EnvelopeId);
    }

    // Where a gateway spoilt the MIME structure, the fields stand somewhere in the text.
    private static string? StatusText(IncomingMail mail)
    {
        if (mail.Parts.First(StatusTypes) is MimePart part) return DecodedText.Of(part);
        if (mail.Answers || !FreeTextReport.MayBeReport(mail)) return null;
        return mail.Text.Contains("\nFinal-Recipient:", StringComparison.OrdinalIgnoreCase) && mail.Text.Contains("\nAction:", StringComparison.OrdinalIgnoreCase) ? mail.Text : null;
    }

    private static IEnumerable<FailedRecipient> Fates(DeliveryStatus.Recipient recipient, IncomingMail mail, ReportText text, OriginalMessage original)
    {
        var addresses = recipient.Address is { } address ? [address] : FreeTextReport.RecipientsOf(mail, text, original);
        foreach (var named in addresses) yield return Fate(named, recipient, text);
    }

    private static FailedRecipient Fate(string address, DeliveryStatus.Recipient recipient, ReportText text)
    {
        var diagnostic = Folding.Fold(recipient.Diagnostic ?? "");
        var context = Folding.Fold(recipient.StatusComment) + "\n" + text.FoldedAbout(address);
        switch (recipient.Action)
        {
            case "delayed":
                return new(address, recipient.Action, recipient.Status, InboundClass.Delayed, BounceTable.CauseOf(diagnostic) ?? BounceTable.CauseOf(context), recipient.Diagnostic);
            case "delivered" or "relayed" or "expanded" or "deliverable":
                return new(address, recipient.Action, recipient.Status, InboundClass.Receipt, null, recipient.Diagnostic);
            default:
                var judged = BounceTable.Judge(recipient.Status, diagnostic, context);
                return new(address, recipient.Action ?? "failed", judged.Status ?? recipient.Status, judged.Class, judged.Cause, recipient.Diagnostic);
        }
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

    private static List<FailedRecipient> Distinct(List<FailedRecipient> fates) =>
        [.. fates.Where(fate => fate.Class != InboundClass.Receipt).DistinctBy(fate => fate.Address, StringComparer.OrdinalIgnoreCase)];
}
