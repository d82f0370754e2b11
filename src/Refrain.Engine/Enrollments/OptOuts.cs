using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;
using Refrain.Engine.Suppressions;

namespace Refrain.Engine.Enrollments;

/// <summary>Opts a contact out: suppressed for ever, and out of all sequences, in one transaction.</summary>
public sealed class OptOuts
{
    private readonly Database database;
    private readonly EnrollmentStore door;
    private readonly TimeProvider time;
    private readonly Wakeups wakeups;

    internal OptOuts(Database database, EnrollmentStore door, TimeProvider time, Wakeups wakeups) =>
        (this.database, this.door, this.time, this.wakeups) = (database, door, time, wakeups);

    private const string LockSql = "select email as Email, workspace_id as Workspace from contact where id = @contact";

    private const string RunsSql = """
        select bucket as Bucket, id as Id from enrollment
        where contact_id = @contact and (state in ('active', 'pending', 'paused', 'paused_o3', 'failed') or id = @own) order by bucket, id
        """;

    /// <summary>
    /// <paramref name="enrollment"/>: the run whose message carried the link, if it is known. Doing it again changes nothing. A contact who is gone is no error: his link must keep answering.
    /// </summary>
    public async Task OptOutAsync(ContactId contact, EnrollmentId? enrollment, OptOutSource source, Actor by, CancellationToken cancel)
    {
        await database.WriteAsync(session => OptOutAsync(session, contact, enrollment, source, by, null, cancel), cancel);
        wakeups.WakeAll();
    }

    internal async Task OptOutAsync(
        Session session, ContactId contact, EnrollmentId? enrollment, OptOutSource source, Actor by, MessageId? message, CancellationToken cancel)
    {
        var now = time.Now();
        var found = await session.FirstAsync<Addressee>($"{LockSql} {session.Dialect.ForUpdate}", new { contact }, cancel);
        if (found is null) return;
        var reason = source == OptOutSource.Complaint ? "complained" : "opted_out";
        await SuppressionGrounds.AddAsync(session, found.Workspace, Guid.CreateVersion7(), found.Email, reason, source.WireName(), now, message, cancel);
        var runs = await session.QueryAsync<RunKey>(RunsSql, new { contact, own = enrollment ?? default }, cancel);
        await door.ApplyAsync(session, null, [.. runs.Select(run => new Knock(run.Bucket, run.Id,
            _ => new OptedOut(now, by, source, OwnMessage: run.Id == enrollment, message)))], cancel);
    }

    private sealed class Addressee
    {
        public string Email { get; init; } = "";
        public WorkspaceId Workspace { get; init; }
    }
}
