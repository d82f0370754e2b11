using Microsoft.Extensions.Logging;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Core.Sending;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Mail;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Loops;

/// <summary>
/// Settles what a process left behind that died. Intended only: back through the gates. Handed without an outcome: a copy in the Sent folder proves that it went;
/// otherwise its outcome is unknown, and a copy may still prove it later. Nothing is ever sent again from here.
/// </summary>
internal sealed class RescueLoop(
    Database database, Nodes nodes, Outcomes outcomes, EnrollmentStore door, MailboxAccounts accounts, IInbox inbox, Wakeups wakeups, TimeProvider time,
    ILogger<RescueLoop> logger) : Loop(wakeups, time, logger)
{
    private const int BatchSize = 200;

    // A provider may take a while to show its copy.
    private static readonly TimeSpan RestInDoubt = TimeSpan.FromMinutes(1);
    private static readonly Duration DoubtLasts = Duration.FromDays(2);
    private readonly TimeProvider time = time;
    private MessageId looked;

    protected override Wakeup? SleepsFor => Wakeup.Doubt;

    private const string OldIntentsSql = """
        select m.bucket as Bucket, m.enrollment_id as Enrollment, m.step_id as Step, m.id as Id
        from bucket b join outbound_message m on m.bucket = b.number where m.status = 'intended'
            and (m.intended_at <= @oldest or m.node <> @self and m.node not in (select id from node where seen_at > @alive)) limit @limit
        """;

    private const string WithdrawSql = """
        update outbound_message set status = 'withdrawn', outcome_at = @now
        where bucket = @Bucket and enrollment_id = @Enrollment and step_id = @Step and id = @Id and status = 'intended'
        """;

    private static readonly string OrphansSql = $"""
        select {HandedMessage.Columns} from outbound_message
        where bucket in (select number from bucket) and (status = 'unknown' and outcome_at > @since
            or status = 'handed' and (node <> @self and node not in (select id from node where seen_at > @alive) or handed_at <= @longest)) and id > @looked
        order by id limit @limit
        """;

    /// <summary>Doubtful messages come round in batches, so that those which nothing settles never keep the others from being looked at.</summary>
    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        await ReturnOldIntentsAsync(cancel);
        var now = time.Now();
        var orphans = await database.ReadAsync(session => session.QueryAsync<HandedMessage>(OrphansSql, new
        {
            self = nodes.Self, since = now - DoubtLasts, alive = now - Nodes.DeadAfter, longest = now - Outbox.LongestHanded, looked, limit = BatchSize,
        }, cancel), cancel);
        foreach (var group in orphans.GroupBy(orphan => (orphan.Bucket, orphan.Mailbox)))
            await SettleAsync(await accounts.FindAsync(group.Key.Bucket, group.Key.Mailbox, cancel), [.. group], cancel);
        var wasFirst = looked == default;
        looked = orphans.Count < BatchSize ? default : orphans[^1].Id;
        if (looked != default) return TimeSpan.Zero;
        return orphans.Count > 0 || !wasFirst ? RestInDoubt : UntilWoken;
    }

    private async Task ReturnOldIntentsAsync(CancellationToken cancel)
    {
        var now = time.Now();
        var old = await database.ReadAsync(session => session.QueryAsync<HandedMessage>(OldIntentsSql,
            new { self = nodes.Self, oldest = now - Outbox.FreshFor, alive = now - Nodes.DeadAfter, limit = BatchSize }, cancel), cancel);
        foreach (var message in old)
            await database.WriteAsync(async session =>
            {
                if (await session.ExecuteAsync(WithdrawSql, new { message.Bucket, message.Enrollment, message.Step, message.Id, now }, cancel) == 0) return;
                await door.ApplyAsync(session, null, [new(message.Bucket, message.Enrollment,
                    _ => new MessageStopped(now, message.Id, message.Step, "not sent in time"))], cancel);
            }, cancel);
    }

    private async Task SettleAsync(MailboxInUse? mailbox, IReadOnlyList<HandedMessage> orphans, CancellationToken cancel)
    {
        var found = mailbox is null ? Nothing : await FindInSentAsync(mailbox, orphans, cancel);
        var settled = orphans.Where(orphan => orphan.Status == "handed" || found.Contains(orphan.Header)).Select(orphan => new Sent(orphan, found.Contains(orphan.Header)
            ? new SendOutcome.Accepted("a copy lies in the Sent folder")
            : new SendOutcome.Unknown("The process ended before the server's answer was stored."))).ToList();
        if (settled.Count > 0) await outcomes.StoreAsync(settled, SaveToSent.Never, cancel);
    }

    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>(StringComparer.Ordinal);

    private async Task<IReadOnlySet<string>> FindInSentAsync(MailboxInUse mailbox, IReadOnlyList<HandedMessage> orphans, CancellationToken cancel)
    {
        try
        {
            return await inbox.FindInSentAsync(mailbox.Account, [.. orphans.Select(orphan => orphan.Header)], cancel);
        }
        catch (InboxUnreadableException)
        {
            // Nothing is proved while the folder cannot be read; the outcome is unknown until it can.
            return Nothing;
        }
    }
}
