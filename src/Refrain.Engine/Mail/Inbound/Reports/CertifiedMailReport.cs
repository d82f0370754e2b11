using Refrain.Core.Inbound;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>The notices of Italian certified mail (RFC 6109), whose kind stands in a header of their own.</summary>
internal static class CertifiedMailReport
{
    public static InboundVerdict? Read(IncomingMail mail) => mail.Header("X-Ricevuta") switch
    {
        "accettazione" or "presa-in-carico" or "avvenuta-consegna" => new InboundVerdict(InboundClass.Receipt, "report.certified.delivered") { OriginalMessageId = MentionedMessageId.In(mail) },
        "preavviso-errore-consegna" => Report(mail, waiting: true),
        "errore-consegna" or "non-accettazione" or "rilevazione-virus" => Report(mail, waiting: false),
        _ => null,
    };

    private static InboundVerdict Report(IncomingMail mail, bool waiting)
    {
        // The id in the words is the provider's; ours is the one in the header.
        var original = OriginalMessage.Unknown with { MessageId = MentionedMessageId.In(mail) };
        var text = ReportText.Split(mail.Text);
        var fates = FailedAddresses.In(text.Head, mail, original).Select(address => Fate(address, text, waiting)).ToList();
        return ReportVerdict.Of("report.certified", fates, original, null);
    }

    private static FailedRecipient Fate(string address, ReportText text, bool waiting)
    {
        var judged = BounceTable.Judge(null, "", text.FoldedAbout(address));
        return new(address, waiting ? "delayed" : "failed", judged.Status, waiting ? InboundClass.Delayed : judged.Class, judged.Cause, null);
    }
}
