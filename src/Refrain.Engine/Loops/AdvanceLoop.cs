using Microsoft.Extensions.Logging;
using NodaTime;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sending;

namespace Refrain.Engine.Loops;

/// <summary>Takes up what is due: claims it in batches and turns it into signals. When nothing is due it costs one indexed probe and sleeps until something is, at most five seconds.</summary>
internal sealed class AdvanceLoop(
    EnrollmentClaims claims, DueBatch batch, SlotRelease slots, Wakeups wakeups, TimeProvider time, ILogger<AdvanceLoop> logger) : Loop(wakeups, time, logger)
{
    private const int BatchSize = 500;
    private static readonly Duration Lease = Duration.FromSeconds(60);
    private static readonly Duration LongestRest = Duration.FromSeconds(5);
    private readonly TimeProvider time = time;

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        var released = await slots.ReleaseAsync(cancel);
        var now = time.Now();
        var worked = released > 0;
        Instant? next = null;
        foreach (var bucket in await claims.ProbeAsync(cancel))
        {
            if (bucket.NextAt is { } due && due <= now)
                worked |= await AdvanceAsync(bucket, now, cancel);
            else if (next is null || bucket.NextAt < next)
                next = bucket.NextAt ?? next;
        }
        if (worked) return TimeSpan.Zero;
        var rest = next is { } at && at - now < LongestRest ? at - now : LongestRest;
        return rest.ToTimeSpan();
    }

    private async Task<bool> AdvanceAsync(BucketProbe bucket, Instant now, CancellationToken cancel)
    {
        if (!await batch.HasRoomAsync(bucket.Number, cancel)) return false;
        var claimed = await claims.ClaimAsync(bucket.Number, bucket.Epoch, now, Lease, BatchSize, cancel);
        if (claimed.Count == 0) return false;
        await batch.AdvanceAsync(bucket.Number, claimed, cancel);
        return true;
    }
}
