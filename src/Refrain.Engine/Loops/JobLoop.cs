using Microsoft.Extensions.Logging;
using NodaTime;
using Refrain.Engine.Jobs;

namespace Refrain.Engine.Loops;

/// <summary>Takes jobs up one after the other, a stretch of each: a long one does not keep a short one waiting. One that another process has is looked at when its lease ends.</summary>
internal sealed class JobLoop(JobClaims claims, JobWork work, Wakeups wakeups, TimeProvider time, ILogger<JobLoop> logger) : QueueLoop(wakeups, time, logger)
{
    private const int Stretch = 10;

    protected override Task<Instant?> NextAsync(CancellationToken cancel) => claims.NextAsync(cancel);

    protected override Task<bool> WorkAsync(CancellationToken cancel) => work.WorkAsync(Stretch, cancel);
}
