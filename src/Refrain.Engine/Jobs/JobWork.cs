using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Jobs;

/// <summary>Works at one job in batches, each of them one transaction with the outcomes of its rows: a death between two batches loses and repeats nothing.</summary>
internal sealed class JobWork(Database database, JobClaims claims, EnrollBatch enroll, MoveBatch move, Wakeups wakeups, TimeProvider time)
{
    public const int Batch = 200;
    private static readonly Duration RestWhenStuck = Duration.FromSeconds(5);

    /// <summary>Up to so many batches of the job that has waited longest; false when none waits.</summary>
    public async Task<bool> WorkAsync(int batches, CancellationToken cancel)
    {
        if (await claims.ClaimAsync(null, cancel) is not { } job) return false;
        await WorkAsync(job, batches, cancel);
        return true;
    }

    /// <summary>Up to so many batches of this job, unless somebody else has it.</summary>
    public async Task WorkAsync(JobId id, int batches, CancellationToken cancel)
    {
        if (await claims.ClaimAsync(id, cancel) is { } job) await WorkAsync(job, batches, cancel);
    }

    private async Task WorkAsync(StoredJob job, int batches, CancellationToken cancel)
    {
        for (var batch = 0; batch < batches; batch++)
            switch (await database.WriteAsync(session => BatchAsync(session, job, cancel), cancel))
            {
                case null: return;
                case 0: await claims.ReleaseAsync(job, RestWhenStuck, cancel); return;
                default: wakeups.WakeAll(); break;
            }
        await claims.ReleaseAsync(job, Duration.Zero, cancel);
    }

    /// <summary>How many rows got their outcome; null when there is nothing left, or somebody else has the job.</summary>
    private async Task<int?> BatchAsync(Session session, StoredJob job, CancellationToken cancel)
    {
        if (!await claims.KeepAsync(session, job, cancel)) return null;
        var left = await JobBook.LeftAsync(session, job, Batch, cancel);
        if (left.Count == 0) return null;
        var ended = await (StoredName.Parse<JobKind>(job.Kind) switch
        {
            JobKind.Enroll => enroll.DoAsync(session, job, left, cancel),
            JobKind.Move => move.DoAsync(session, job, left, cancel),
        });
        await JobBook.StoreAsync(session, job, ended, time.Now(), cancel);
        return ended.Count;
    }
}
