using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Access;
using Refrain.Engine.Jobs;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sequences;

/// <summary>Publishes a draft, and takes the open runs along if that is asked for. Who they are is written down with the version; they are moved as a job.</summary>
public sealed class Publishing
{
    /// <summary>So many batches while the caller waits; the loop does the rest.</summary>
    private const int AtOnce = 5;
    private readonly Database database;
    private readonly SequenceDesk desk;
    private readonly JobWork work;
    private readonly JobQueries jobs;
    private readonly TimeProvider time;

    internal Publishing(Database database, SequenceDesk desk, JobWork work, JobQueries jobs, TimeProvider time) =>
        (this.database, this.desk, this.work, this.jobs, this.time) = (database, desk, work, jobs, time);

    private const string OpenRunsSql =
        """
        select id as Enrollment, contact_id as Contact from enrollment
        where sequence_id = @id and state in ('active', 'pending', 'paused', 'paused_o3', 'failed') and sequence_version < @version order by id
        """;

    public async Task<Answer<Published>> PublishAsync(Caller caller, SequenceId id, OpenRuns openRuns, CancellationToken cancel)
    {
        if (openRuns == OpenRuns.Stay) return await desk.PublishAsync(caller.Workspace, id, cancel);
        var (answer, opened) = await database.WriteAsync(session => PublishAsync(session, caller, id, cancel), cancel);
        if (answer is not Answer<Published>.Done { Value: { } published } || opened is not { } job) return answer;
        await work.WorkAsync(job, AtOnce, cancel);
        return published with { Moves = await jobs.FindAsync(caller.Workspace, job, cancel) };
    }

    private async Task<(Answer<Published> Answer, JobId? Job)> PublishAsync(Session session, Caller caller, SequenceId id, CancellationToken cancel)
    {
        var now = time.Now();
        var answer = await SequenceDesk.PublishAsync(session, caller.Workspace, id, now, cancel);
        if (answer is not Answer<Published>.Done { Value.Version: var version }) return (answer, null);
        var runs = await session.QueryAsync<StoredJobRow>(OpenRunsSql, new { id, version }, cancel);
        if (runs.Count == 0) return (answer, null);
        var job = new StoredJob
        {
            Id = JobId.New(), Workspace = caller.Workspace, Member = caller.User, Kind = StoredName.Of(JobKind.Move), Sequence = id, SequenceVersion = version, CreatedAt = now,
        };
        await JobBook.OpenAsync(session, job, [.. runs.Select((run, index) => run with { Ordinal = index + 1 })], cancel);
        return (answer, job.Id);
    }
}
