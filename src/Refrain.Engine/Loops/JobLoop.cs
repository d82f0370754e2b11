using Microsoft.Extensions.Logging;
using Refrain.Engine.Jobs;

namespace Refrain.Engine.Loops;

/// <summary>Takes jobs up one after the other, a stretch of each: a long one does not keep a short one waiting. One that another process has is looked at when its lease ends.</summary>
internal sealed class JobLoop(JobClaims claims, JobWork work, Wakeups wakeups, TimeProvider time, ILogger<JobLoop> logger) : Loop(wakeups, time, logger)
{
    private const int Stretch = 10;
    private static readonly TimeSpan RestWhenTaken = TimeSpan.FromSeconds(1);
    private readonly TimeProvider time = time;

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        if (await claims.NextAsync(cancel) is not { } next) return UntilWoken;
        var now = time.Now();
        if (next > now) return (next - now).ToTimeSpan();
        return await work.WorkAsync(Stretch, cancel) ? TimeSpan.Zero : RestWhenTaken;
    }
}
