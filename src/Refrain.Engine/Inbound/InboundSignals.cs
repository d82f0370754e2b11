using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sending;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>In which mailbox a message lies.</summary>
internal sealed record MailboxPlace(int Bucket, WorkspaceId Workspace, MailboxId Id);

/// <summary>What an incoming message means for the runs that it is about.</summary>
internal sealed class InboundSignals(
    InboundMatcher matcher, Absences absences, OptOuts optOuts, EnrollmentStore door, SequenceCatalog sequences, TimeProvider time)
{
    private const string OwnSql = "select count(*) from mailbox where workspace_id = @Workspace and address = @From and deleted_at is null";

    private const string ContactSql = "select id from contact where workspace_id = @Workspace and email = @From and deleted_at is null";

    private const string SettleSql = """
        update outbound_message set status = 'accepted', outcome_at = @now where bucket = @Bucket and id = @Id and status in ('handed', 'unknown')
        """;

    private const string OpenRunsSql = """
        select bucket as Bucket, id as Id, sequence_id as Sequence, sequence_version as Version, mailbox_id as Mailbox from enrollment
        where contact_id = @contact and state in ('active', 'pending', 'paused', 'paused_o3', 'failed') order by bucket, id
        """;

    public async Task ApplyAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, CancellationToken cancel)
    {
        if (mail.From is not null && await session.FirstAsync<int>(OwnSql, new { mailbox.Workspace, mail.From }, cancel) > 0) return;
        var matched = await MatchAsync(session, mailbox, mail, cancel);
        if (matched is { Status: "handed" or "unknown" } && mail.Verdict.Class is not InboundClass.Other)
            await SettleAsync(session, matched, mail, cancel);
        await SlowDownAsync(session, mailbox, mail, matched, cancel);
        switch (mail.Verdict.Class)
        {
            case InboundClass.Reply: await ReplyAsync(session, mailbox, mail, matched, cancel); break;
            case InboundClass.OutOfOffice: await absences.StartAsync(session, mailbox, mail, matched, cancel); break;
            case InboundClass.HardBounce or InboundClass.SoftBounce: await BounceAsync(session, mailbox, mail, matched, cancel); break;
            case InboundClass.Complaint: await OptOutAsync(session, mailbox, mail, matched, OptOutSource.Complaint, cancel); break;
            case InboundClass.Unsubscribe: await OptOutAsync(session, mailbox, mail, matched, OptOutSource.Reply, cancel); break;
            case InboundClass.AutoReply or InboundClass.Delayed or InboundClass.Receipt: await NoticeAsync(session, mail, matched, mail.Verdict.Class.WireName(), cancel); break;
            case InboundClass.Other: break;
        }
    }

    private async Task<MatchedMessage?> MatchAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, CancellationToken cancel)
    {
        if (await matcher.ByIdsAsync(session, mailbox.Workspace, mail, cancel) is { } named) return named;
        if (mail.Verdict.Recipients is [var only, ..])
            return await NewestToAsync(session, mailbox, only.Address, cancel);
        return mail.From is null ? null : InboundMatcher.BySubject(await matcher.SentToAsync(session, mailbox, mail.From, cancel), mail.Subject);
    }

    private async Task<MatchedMessage?> NewestToAsync(Session session, MailboxPlace mailbox, string address, CancellationToken cancel) =>
        await matcher.SentToAsync(session, mailbox, address, cancel) is [var newest, ..] ? newest : null;

    /// <summary>Something answers a message whose outcome was lost: so it was delivered.</summary>
    private async Task SettleAsync(Session session, MatchedMessage matched, ReceivedMail mail, CancellationToken cancel)
    {
        var now = time.Now();
        await session.ExecuteAsync(SettleSql, new { now, matched.Bucket, matched.Id }, cancel);
        await door.ApplyAsync(session, null, [new(matched.Bucket, matched.Enrollment,
            _ => new MessageAccepted(now, matched.Id, matched.Step, $"proved by {mail.Verdict.Class.WireName()}"))], cancel);
    }

    private async Task ReplyAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, MatchedMessage? matched, CancellationToken cancel)
    {
        var now = time.Now();
        if (matched is not null)
        {
            var same = (await OpenRunsAsync(session, matched.Contact, cancel)).Where(run => run.Sequence == matched.Sequence && run.Id != matched.Enrollment);
            await door.ApplyAsync(session, null, [new(matched.Bucket, matched.Enrollment, _ => new Replied(now, ToOwnMessage: true, mail.Id)),
                .. same.Select(run => new Knock(run.Bucket, run.Id, _ => new Replied(now, ToOwnMessage: false, mail.Id)))], cancel);
            return;
        }
        if (await SenderAsync(session, mailbox, mail, cancel) is not { } contact) return;
        var knocks = new List<Knock>();
        foreach (var run in await OpenRunsAsync(session, contact, cancel))
            if (run.Mailbox == mailbox.Id && (await sequences.GetAsync(session, run.Sequence, run.Version, cancel)).Settings.StopOnAnyEmail)
                knocks.Add(new(run.Bucket, run.Id, _ => new Replied(now, ToOwnMessage: false, mail.Id)));
        await door.ApplyAsync(session, null, knocks, cancel);
    }

    /// <summary>A provider may ask for less behind a server that takes everything and reports later.</summary>
    private async Task SlowDownAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, MatchedMessage? matched, CancellationToken cancel)
    {
        foreach (var delayed in mail.Verdict.Recipients.Where(recipient => recipient.Class == InboundClass.Delayed))
            if (await OwnAsync(session, mailbox, matched, delayed, cancel) is { } own)
                await ProviderPaces.LearnAsync(session, own.Bucket, own.Mailbox, time.Now(), own.ToAddress, delayed, cancel);
    }

    private async Task<MatchedMessage?> OwnAsync(Session session, MailboxPlace mailbox, MatchedMessage? matched, FailedRecipient recipient, CancellationToken cancel) =>
        matched is not null && string.Equals(matched.ToAddress, recipient.Address, StringComparison.OrdinalIgnoreCase) ? matched
            : await NewestToAsync(session, mailbox, recipient.Address, cancel);

    private async Task BounceAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, MatchedMessage? matched, CancellationToken cancel)
    {
        IReadOnlyList<FailedRecipient> recipients = mail.Verdict.Recipients.Count > 0 || matched is null
            ? mail.Verdict.Recipients
            : [new(matched.ToAddress, null, mail.Verdict.Status, mail.Verdict.Class, mail.Verdict.Cause, null)];
        foreach (var recipient in recipients)
        {
            var own = await OwnAsync(session, mailbox, matched, recipient, cancel);
            if (own is null) await NoticeAsync(session, mail, matched, "bounce_of_another", cancel);
            else await BounceAsync(session, mail, own, recipient, cancel);
        }
    }

    private async Task BounceAsync(Session session, ReceivedMail mail, MatchedMessage own, FailedRecipient recipient, CancellationToken cancel)
    {
        var now = time.Now();
        var detail = recipient.Diagnostic ?? recipient.Status ?? mail.Verdict.Rule;
        Signal signal = recipient.Class switch
        {
            InboundClass.HardBounce when EmailAddress.TryParse(own.ToAddress, out var address) => new HardBounced(now, address, detail, OfOwnMessage: true, mail.Id),
            InboundClass.SoftBounce => new SoftBounced(now, own.Step, recipient.Cause == BounceCause.Sender ? FailureCause.Sender : FailureCause.Delivery, detail, mail.Id),
            InboundClass.HardBounce or InboundClass.Reply or InboundClass.OutOfOffice or InboundClass.AutoReply or InboundClass.Delayed or InboundClass.Complaint
                or InboundClass.Unsubscribe or InboundClass.Receipt or InboundClass.Other => new NoticeReceived(now, recipient.Class.WireName(), detail, mail.Id),
        };
        await door.ApplyAsync(session, null, [new(own.Bucket, own.Enrollment, _ => signal)], cancel);
    }

    private async Task OptOutAsync(
        Session session, MailboxPlace mailbox, ReceivedMail mail, MatchedMessage? matched, OptOutSource source, CancellationToken cancel)
    {
        var contact = matched?.Contact ?? await SenderAsync(session, mailbox, mail, cancel);
        if (contact is { } found) await optOuts.OptOutAsync(session, found, matched?.Enrollment, source, Actor.Contact, mail.Id, cancel);
    }

    private async Task NoticeAsync(Session session, ReceivedMail mail, MatchedMessage? matched, string what, CancellationToken cancel)
    {
        if (matched is null) return;
        var now = time.Now();
        await door.ApplyAsync(session, null, [new(matched.Bucket, matched.Enrollment, _ => new NoticeReceived(now, what, mail.Verdict.Status, mail.Id))], cancel);
    }

    private static async Task<ContactId?> SenderAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, CancellationToken cancel) =>
        mail.From is null ? null : await session.FirstAsync<ContactId?>(ContactSql, new { mailbox.Workspace, mail.From }, cancel);

    private static Task<IReadOnlyList<OpenRunRow>> OpenRunsAsync(Session session, ContactId contact, CancellationToken cancel) =>
        session.QueryAsync<OpenRunRow>(OpenRunsSql, new { contact }, cancel);

    private sealed class OpenRunRow
    {
        public int Bucket { get; init; }
        public EnrollmentId Id { get; init; }
        public SequenceId Sequence { get; init; }
        public int Version { get; init; }
        public MailboxId? Mailbox { get; init; }
    }
}
