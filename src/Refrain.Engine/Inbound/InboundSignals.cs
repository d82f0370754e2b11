using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>In which mailbox a message lies.</summary>
internal sealed record MailboxPlace(int Bucket, WorkspaceId Workspace, MailboxId Id);

/// <summary>What an incoming message means for the runs that it is about.</summary>
internal sealed class InboundSignals(
    InboundMatcher matcher, DeliveryReports reports, Absences absences, OptOuts optOuts, EnrollmentStore door, SequenceCatalog sequences, TimeProvider time)
{
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
        if (await OwnPeople.SentAsync(session, mailbox.Workspace, mail, cancel)) return;
        var matched = await matcher.FindAsync(session, mailbox, mail, cancel);
        if (matched is { Status: "handed" or "unknown", Proof: MatchProof.Named } && mail.Verdict.Class is not InboundClass.Other)
            await SettleAsync(session, matched, mail, cancel);
        if (matched is not null && await OwnPeople.WroteAsync(session, mailbox.Workspace, mail, matched, cancel))
        {
            await NoticeAsync(session, mail, matched, "own_people", cancel);
            matched = null;
        }
        await reports.SlowDownAsync(session, mailbox, mail, matched, cancel);
        switch (mail.Verdict.Class)
        {
            case InboundClass.Reply: await ReplyAsync(session, mailbox, mail, matched, cancel); break;
            case InboundClass.OutOfOffice: await absences.StartAsync(session, mailbox, mail, matched, cancel); break;
            case InboundClass.HardBounce or InboundClass.SoftBounce: await reports.BounceAsync(session, mailbox, mail, matched, cancel); break;
            case InboundClass.Complaint: await OptOutAsync(session, mailbox, mail, matched, OptOutSource.Complaint, cancel); break;
            case InboundClass.Unsubscribe: await OptOutAsync(session, mailbox, mail, matched, OptOutSource.Reply, cancel); break;
            case InboundClass.AutoReply or InboundClass.Delayed or InboundClass.Receipt: await NoticeAsync(session, mail, matched, mail.Verdict.Class.WireName(), cancel); break;
            case InboundClass.Other: break;
        }
    }

    /// <summary>Something answers a message whose outcome was lost: so it was delivered.</summary>
    private async Task SettleAsync(Session session, MatchedMessage matched, ReceivedMail mail, CancellationToken cancel)
    {
        var now = time.Now();
        await session.ExecuteAsync(SettleSql, new { now, matched.Bucket, matched.Id }, cancel);
        await door.ApplyAsync(session, null, [matched.Tells(new MessageAccepted(now, matched.Id, matched.Step, $"proved by {mail.Verdict.Class.WireName()}"))], cancel);
    }

    private async Task ReplyAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, MatchedMessage? matched, CancellationToken cancel)
    {
        var now = time.Now();
        var knocks = new Dictionary<EnrollmentId, Knock>();
        if (matched is not null)
        {
            knocks.Add(matched.Enrollment, matched.Tells(new Replied(now, ToOwnMessage: true, mail.Id)));
            foreach (var run in await OpenRunsAsync(session, matched.Contact, cancel))
                if (run.Sequence == matched.Sequence) knocks.TryAdd(run.Id, Told(run));
        }
        ContactId?[] writers = [matched?.Contact, await SenderAsync(session, mailbox, mail, cancel)];
        foreach (var writer in writers.OfType<ContactId>().Distinct())
            foreach (var run in await OpenRunsAsync(session, writer, cancel))
                if (run.Mailbox == mailbox.Id && (await sequences.GetAsync(session, run.Sequence, run.Version, cancel)).Settings.StopOnAnyEmail) knocks.TryAdd(run.Id, Told(run));
        await door.ApplyAsync(session, null, [.. knocks.Values], cancel);

        Knock Told(OpenRunRow run) => new(run.Bucket, run.Id, _ => new Replied(now, ToOwnMessage: false, mail.Id));
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
        await door.ApplyAsync(session, null, [matched.Tells(new NoticeReceived(time.Now(), what, mail.Verdict.Status, mail.Id))], cancel);
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
