using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;
using Refrain.Engine.Suppressions;

namespace Refrain.Engine.Inbound;

/// <summary>
/// A person says that a message was misread: all that it did is taken back (runs, tasks, marks, counts), and what it really is is applied. One transaction;
/// a run that may not be open again refuses the whole.
/// </summary>
public sealed class Corrections
{
    private const int Tries = 3;
    private readonly Database database;
    private readonly EnrollmentStore door;
    private readonly DoorFacts facts;
    private readonly InboundSignals signals;
    private readonly Overtaking overtaking;
    private readonly AbsenceReplay absences;
    private readonly TimeProvider time;
    private readonly Wakeups wakeups;

    internal Corrections(
        Database database, EnrollmentStore door, DoorFacts facts, InboundSignals signals, Overtaking overtaking, AbsenceReplay absences, TimeProvider time, Wakeups wakeups)
    {
        (this.database, this.door, this.facts, this.signals) = (database, door, facts, signals);
        (this.overtaking, this.absences, this.time, this.wakeups) = (overtaking, absences, time, wakeups);
    }

    private const string TouchedSql = $"""
        select {EnrollmentBefore.Columns} from enrollment_before where message_id = @id and bucket in (select number from bucket) and undone_at is null
        order by bucket, enrollment_id, ordinal
        """;

    private const string UndoneSql = "update enrollment_before set undone_at = @now where message_id = @Id and bucket in (select number from bucket) and undone_at is null";

    private const string StoreSql = """
        update inbound_message set read_as = coalesce(read_as, class), class = @name, return_date = @date, corrected_at = @now, corrected_by = @by where bucket = @Bucket and id = @Id
        """;

    private const string LockSql = "select id from enrollment where bucket = @Bucket and id = @Enrollment";

    // The person before his runs, as everybody locks them.
    private const string LockContactSql = "select id from contact where id = (select contact_id from enrollment where bucket = @Bucket and id = @Enrollment)";

    private const string HeldSql = """
        select bucket as Bucket, id as Id from enrollment
        where contact_id = @contact and absence_since is not null and state in ('paused', 'paused_o3') order by bucket, id
        """;

    private const string SequenceSql = "select sequence_id from enrollment where bucket = @Bucket and id = @Enrollment";

    /// <summary>Saying the same again changes nothing.</summary>
    public async Task<Answer<MessageId>> CorrectAsync(WorkspaceId workspace, Actor by, MessageId id, InboundClass right, LocalDate? returnDate, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await database.WriteAsync(session => CorrectAsync(session, workspace, by, id, right, returnDate, cancel), cancel);
                wakeups.WakeAll();
                return answer;
            }
            catch (LostRaceException) when (attempt < Tries)
            {
                continue;
            }
        }
    }

    private async Task<Answer<MessageId>> CorrectAsync(
        Session session, WorkspaceId workspace, Actor by, MessageId id, InboundClass right, LocalDate? returnDate, CancellationToken cancel)
    {
        if (await session.FirstAsync<MessageRow>($"{MessageRow.OneSql} {session.Dialect.ForUpdate}", new { workspace, id }, cancel) is not { } message) return new Answer<MessageId>.Missing();
        var date = returnDate?.ToString("uuuu-MM-dd", null);
        if (message.Reading == right && message.ReturnDate == date) return id;
        var now = time.Now();
        var touched = await session.QueryAsync<EnrollmentBefore>(TouchedSql, new { id }, cancel);
        await LockAsync(session, touched, cancel);
        await session.ExecuteAsync(UndoneSql, new { message.Id, now }, cancel);
        await SuppressionGrounds.WithdrawAsync(session, workspace, id, cancel);
        var back = await KnownAbsences.WithdrawAsync(session, id, cancel);
        await EnrollmentHistory.CountStepsAsync(session, await CountedAsync(session, touched, cancel), cancel, each: -1);
        var reopened = new List<Enrollment>();
        foreach (var rows in touched.GroupBy(row => row.Enrollment))
        {
            var known = await overtaking.OfAsync(session, [.. rows], now, cancel);
            var signal = new Corrected(now, by, id, message.Reading, right, known.Undo, known.End, known.Away);
            var answer = (await door.ApplyAsync(session, workspace, [new(rows.First().Bucket, rows.Key, _ => signal)], cancel))[0];
            if (answer.Kind == TransitionKind.Refused) return Refused(answer.Why);
            if (answer is { Kind: TransitionKind.Moved, After: { IsOpen: true } open } && known.WasClosed) reopened.Add(open);
        }
        foreach (var contact in back)
            await FreeAsync(session, contact, touched, run => new(now, by, id, message.Reading, right, run), now, cancel);
        await session.ExecuteAsync(StoreSql, new { message.Bucket, message.Id, name = right.WireName(), date, now, by = by.ToString() }, cancel);
        await ApplyAsync(session, message, right, returnDate, now, cancel);
        return await BlockedAsync(session, reopened, cancel) is { } blocked ? blocked : id;
    }

    private static async Task LockAsync(Session session, IReadOnlyList<EnrollmentBefore> touched, CancellationToken cancel)
    {
        foreach (var sql in (string[])[LockContactSql, LockSql])
            foreach (var run in touched.DistinctBy(row => row.Enrollment))
                if (await session.FirstAsync<Guid?>($"{sql} {session.Dialect.ForUpdate}", new { run.Bucket, run.Enrollment }, cancel) is null)
                    throw new LostRaceException($"Enrollment {run.Enrollment} went to another bucket while a message of it was corrected.");
    }

    private static async Task<IEnumerable<(int, SequenceId, StepId, string)>> CountedAsync(Session session, IReadOnlyList<EnrollmentBefore> touched, CancellationToken cancel)
    {
        var counted = new List<(int, SequenceId, StepId, string)>();
        foreach (var row in touched)
            if (row is { CountedStep: { } step, CountedOutcome: { } outcome })
                counted.Add((row.Bucket, await session.FirstAsync<SequenceId>(SequenceSql, new { row.Bucket, row.Enrollment }, cancel), step, outcome));
        return counted;
    }

    /// <summary>Whoever was enrolled after the message came was held from his first moment by what it told of him.</summary>
    private async Task FreeAsync(
        Session session, ContactId contact, IReadOnlyList<EnrollmentBefore> touched, Func<Undo, Corrected> signal, Instant now, CancellationToken cancel)
    {
        foreach (var run in (await session.QueryAsync<RunKey>(HeldSql, new { contact }, cancel)).ExceptBy(touched.Select(row => row.Enrollment), run => run.Id))
        {
            var absence = await absences.OfAsync(session, run, now, cancel);
            await door.ApplyAsync(session, null, [new(run.Bucket, run.Id, held => absence == held.Absence ? null
                : signal(new(SignalKind.AbsenceStarted, now, held.State, Layers.Of(held) with { Absence = absence })))], cancel);
        }
    }

    // An absence that is over has nothing to hold.
    private Task ApplyAsync(Session session, MessageRow message, InboundClass right, LocalDate? returnDate, Instant now, CancellationToken cancel) =>
        right == InboundClass.OutOfOffice && returnDate < now.InUtc().Date
            ? Task.CompletedTask
            : signals.ApplyAsync(session, message.Place, message.As(right, returnDate), cancel);

    /// <summary>The machine let a run be opened because the true reading closes it at once. If it has not, the guards have their say.</summary>
    private async Task<Answer<MessageId>?> BlockedAsync(Session session, List<Enrollment> reopened, CancellationToken cancel)
    {
        foreach (var run in reopened)
        {
            var cases = await facts.LoadAsync(session, run.Workspace, [new(run.Bucket, run.Id, _ => null)], cancel);
            if (cases[run.Id].Enrollment.IsOpen && await facts.BlockingRunAsync(session, run, cancel) is { } blocking)
                return new Answer<MessageId>.Conflict("correction_blocked", "The contact has been enrolled since in a run beside which this one may not be open.", blocking.ToString());
        }
        return null;
    }

    private static Answer<MessageId>.Conflict Refused(Why why) => new(why.Code, why.Sentence, why.Arguments.GetValueOrDefault("blocking"));
}
