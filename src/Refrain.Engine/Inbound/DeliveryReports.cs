using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>
/// What reports of bounces and delays mean for the runs whose messages they are about. A person may write to the same address from the same mailbox by hand: a report
/// of such a letter can tell that the address is bad, and never that a message of a run was not delivered.
/// </summary>
internal sealed class DeliveryReports(InboundMatcher matcher, EnrollmentStore door, TimeProvider time)
{
    /// <summary>A provider may ask for less behind a server that takes everything and reports later.</summary>
    public async Task SlowDownAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, MatchedMessage? matched, CancellationToken cancel)
    {
        foreach (var delayed in mail.Verdict.Recipients.Where(recipient => recipient.Class == InboundClass.Delayed))
            if (await matcher.ReportedAsync(session, mailbox, mail, matched, delayed, cancel) is { } own)
                await ProviderPaces.LearnAsync(session, own.Bucket, own.Mailbox, time.Now(), own.ToAddress, delayed, cancel);
    }

    public async Task BounceAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, MatchedMessage? matched, CancellationToken cancel)
    {
        IReadOnlyList<FailedRecipient> recipients = mail.Verdict.Recipients.Count > 0 || matched is null
            ? mail.Verdict.Recipients
            : [new(matched.ToAddress, null, mail.Verdict.Status, mail.Verdict.Class, mail.Verdict.Cause, null)];
        foreach (var recipient in recipients)
        {
            var own = await matcher.ReportedAsync(session, mailbox, mail, matched, recipient, cancel);
            if (own is not null) await BounceAsync(session, mail, own, recipient, cancel);
            else if (matched is not null) await door.ApplyAsync(session, null, [matched.Tells(OfAnother(mail, mail.Verdict.Status))], cancel);
        }
    }

    private Task BounceAsync(Session session, ReceivedMail mail, MatchedMessage own, FailedRecipient recipient, CancellationToken cancel)
    {
        var now = time.Now();
        var detail = recipient.Diagnostic ?? recipient.Status ?? mail.Verdict.Rule;
        var isOwn = own.Proof != MatchProof.SameAddress;
        // Of a report without recipients nobody knows which address another message went to.
        var named = isOwn || mail.Verdict.Recipients.Count > 0;
        var back = new SoftBounced(now, own.Step, recipient.Cause == BounceCause.Sender ? FailureCause.Sender : FailureCause.Delivery, detail, mail.Id, own.Id);
        Signal signal = recipient.Class switch
        {
            InboundClass.HardBounce when named && EmailAddress.TryParse(own.ToAddress, out var address) => new HardBounced(now, address, detail, isOwn, mail.Id),
            InboundClass.SoftBounce when isOwn => back,
            InboundClass.HardBounce or InboundClass.SoftBounce => OfAnother(mail, detail),
            InboundClass.Reply or InboundClass.OutOfOffice or InboundClass.AutoReply or InboundClass.Delayed or InboundClass.Complaint or InboundClass.Unsubscribe
                or InboundClass.Receipt or InboundClass.Other => new NoticeReceived(now, recipient.Class.WireName(), detail, mail.Id),
        };
        // The contact has another address by now, and whoever goes on to the next step would leave this one out.
        var again = signal is HardBounced { OfOwnMessage: true } && own.ContactEmail.Length > 0 && !own.WentTo(own.ContactEmail);
        return door.ApplyAsync(session, null, again ? [own.Tells(signal), own.Tells(back)] : [own.Tells(signal)], cancel);
    }

    private NoticeReceived OfAnother(ReceivedMail mail, string? detail) => new(time.Now(), "bounce_of_another", detail, mail.Id);
}
