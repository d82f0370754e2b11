using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Access;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>
/// Gives a run to another mailbox. If its user lies in another bucket, all rows of the run move there in the same transaction; their Message-IDs stay, so whatever
/// comes back for them is still matched. Not while a message is with a server: its outcome is on its way to where the row lies now.
/// </summary>
public sealed class SenderMoves
{
    private const int Tries = 3;
    private readonly Database database;
    private readonly EnrollmentStore door;
    private readonly TimeProvider time;
    private readonly Wakeups wakeups;

    internal SenderMoves(Database database, EnrollmentStore door, TimeProvider time, Wakeups wakeups) =>
        (this.database, this.door, this.time, this.wakeups) = (database, door, time, wakeups);

    private const string RunSql = "select bucket as Bucket, id as Id from enrollment where workspace_id = @workspace and bucket in (select number from bucket) and id = @id";

    private const string TargetSql =
        """
        select mailbox.bucket as Bucket, mailbox.id as Mailbox, mailbox.member_id as Member, member.active as Active
        from mailbox join member on member.id = mailbox.member_id where mailbox.workspace_id = @workspace and mailbox.id = @mailbox and mailbox.deleted_at is null
        """;

    private const string MessagesSql =
        """
        select status from outbound_message where bucket = @Bucket and enrollment_id = @Id
        """;

    private const string RunToSql =
        """
        update enrollment set bucket = @to, member_id = @Member, mailbox_id = @Mailbox where bucket = @from and id = @id
        """;

    private const string TasksToSql =
        """
        update task set bucket = @to, member_id = case when status = 'open' then @Member else member_id end where bucket = @from and enrollment_id = @id
        """;

    private const string MessagesToSql = "update outbound_message set bucket = @to where bucket = @from and enrollment_id = @id";
    private const string EventsToSql = "update enrollment_event set bucket = @to where bucket = @from and enrollment_id = @id";
    private const string BeforeToSql = "update enrollment_before set bucket = @to where bucket = @from and enrollment_id = @id";
    private const string GuardsToSql = "update enrollment_guard_hit set bucket = @to where bucket = @from and enrollment_id = @id";

    private const string CountedOutSql =
        """
        update enrollment_count set amount = amount - 1 where bucket = @from and sequence_id = @Sequence and state = @state
        """;

    public async Task<Answer<DoorAnswer>> MoveAsync(Caller caller, EnrollmentId id, string mailbox, CancellationToken cancel)
    {
        if (!MailboxId.TryParse(mailbox, out var target)) return NoMailbox(mailbox);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await database.WriteAsync(session => MoveAsync(session, caller, id, target, cancel), cancel);
                wakeups.WakeAll();
                return answer;
            }
            catch (LostRaceException) when (attempt < Tries)
            {
                continue;
            }
        }
    }

    private async Task<Answer<DoorAnswer>> MoveAsync(Session session, Caller caller, EnrollmentId id, MailboxId mailbox, CancellationToken cancel)
    {
        if (await session.FirstAsync<RunKey>(RunSql, new { workspace = caller.Workspace, id }, cancel) is not { } run) return new Answer<DoorAnswer>.Missing();
        if (await session.FirstAsync<Target>(TargetSql, new { workspace = caller.Workspace, mailbox }, cancel) is not { } target) return NoMailbox(mailbox.ToString());
        if (!target.Active) return new Answer<DoorAnswer>.Wrong([new("mailboxId", "user_deactivated", "The mailbox belongs to a user who was deactivated.")]);
        // The messages first, as those who store outcomes do: whoever is handing one over waits, or is waited for.
        var messages = await session.QueryAsync<string>($"{MessagesSql} {session.Dialect.ForUpdate}", run, cancel);
        if (messages.Contains("handed"))
            return new Answer<DoorAnswer>.Conflict("already_handed_over", "An email of this run is with the mail server: try again when its answer has come.");
        var answer = (await door.ApplyAsync(
            session, caller.Workspace, [new(null, id, _ => new SenderChanged(time.Now(), caller.Actor, target.Member, target.Mailbox))], cancel))[0];
        if (answer is not { Kind: TransitionKind.Moved, After: { } after }) return answer;
        if (after.Bucket != run.Bucket) throw new LostRaceException($"Enrollment {id} moved to another bucket meanwhile.");
        await RewriteAsync(session, after, target, cancel);
        return answer;
    }

    private static async Task RewriteAsync(Session session, Enrollment run, Target target, CancellationToken cancel)
    {
        var places = new { from = run.Bucket, to = target.Bucket, id = run.Id, target.Member, target.Mailbox, run.Sequence, state = run.State.WireName() };
        await session.ExecuteAsync(RunToSql, places, cancel);
        await session.ExecuteAsync(TasksToSql, places, cancel);
        if (target.Bucket == run.Bucket) return;
        await session.ExecuteAsync(MessagesToSql, places, cancel);
        await session.ExecuteAsync(EventsToSql, places, cancel);
        await session.ExecuteAsync(BeforeToSql, places, cancel);
        await session.ExecuteAsync(GuardsToSql, places, cancel);
        await session.ExecuteAsync(CountedOutSql, places, cancel);
        await EnrollmentHistory.CountAsync(session, [(target.Bucket, run.Sequence, null, run.State)], cancel);
    }

    private static Answer<DoorAnswer>.Wrong NoMailbox(string mailbox) => new([new("mailboxId", "not_found", $"There is no mailbox \"{mailbox}\".")]);

    private sealed class Target
    {
        public int Bucket { get; init; }
        public MailboxId Mailbox { get; init; }
        public UserId Member { get; init; }
        public bool Active { get; init; }
    }
}
