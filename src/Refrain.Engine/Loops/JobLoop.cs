using Microsoft.Extensions.Logging;
using Refrain.Engine.Jobs;

namespace Refrain.Engine.Loops;

/// <summary>Takes jobs up one after the other, a stretch of each: a long one does not keep a short one waiting.</summary>
internal sealed class JobLoop(JobWork work, Wakeups wakeups, TimeProvider time, ILogger<JobLoop> logger) : Loop(wakeups, time, logger)
{
    private const int Stretch = 10;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel) => await work.WorkAsync(Stretch, cancel) ? TimeSpan.Zero : Rest;
}
