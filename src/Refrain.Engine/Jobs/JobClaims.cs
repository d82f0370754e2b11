using NodaTime;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Jobs;

/// <summary>
/// Whose turn it is to work at a job. A claim is a lease and raises the epoch: whoever dies with it loses it by itself, and whoever comes back from a long sleep
/// finds that a batch in the old epoch is refused.
/// </summary>
internal sealed class JobClaims(Database database, TimeProvider time)
{
    private static readonly Duration Lease = Duration.FromSeconds(30);

    private const string NextSql = "select leased_until from job where finished_at is null order by leased_until limit 1";

    private const string KeepSql = "update job set leased_until = @lease where id = @Id and epoch = @Epoch and finished_at is null";

    private const string ReleaseSql = "update job set leased_until = @until where id = @Id and epoch = @Epoch and finished_at is null";

    /// <summary>When the next job is free; null when all are done.</summary>
    public Task<Instant?> NextAsync(CancellationToken cancel) => database.ReadAsync(session => session.FirstAsync<Instant?>(NextSql, null, cancel), cancel);

    /// <summary>The job that has waited longest; null when none is free.</summary>
    /// <param name="only">If this one is free; null = whichever.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<StoredJob?> ClaimAsync(JobId? only, CancellationToken cancel)
    {
        var now = time.Now();
        return await database.WriteAsync(session => session.FirstAsync<StoredJob>(
            ClaimSql(session.Dialect, only is null ? "" : "and id = @only"), new { now, lease = now + Lease, only = only ?? default }, cancel), cancel);
    }

    /// <summary>Extends the lease, with the job's row locked; false when somebody else has the job.</summary>
    public async Task<bool> KeepAsync(Session session, StoredJob job, CancellationToken cancel) =>
        await session.ExecuteAsync(KeepSql, new { job.Id, job.Epoch, lease = time.Now() + Lease }, cancel) == 1;

    /// <summary>Lets others have the job, after a rest.</summary>
    public Task ReleaseAsync(StoredJob job, Duration rest, CancellationToken cancel) =>
        database.WriteAsync(session => session.ExecuteAsync(ReleaseSql, new { job.Id, job.Epoch, until = time.Now() + rest }, cancel), cancel);

    // PostgreSQL passes over a job that another process is claiming; SQLite has one writer.
    private static string ClaimSql(Dialect dialect, string and) =>
        $"""
        update job set epoch = epoch + 1, leased_until = @lease
        where id = (select id from job where finished_at is null and leased_until <= @now {and} order by leased_until, id limit 1 {dialect.SkipLocked})
        returning {StoredJob.Columns}
        """;
}
