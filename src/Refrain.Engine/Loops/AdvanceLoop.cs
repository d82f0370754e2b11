using Microsoft.Extensions.Logging;
using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sending;

namespace Refrain.Engine.Loops;

/// <summary>Takes up what is due: claims it in batches and turns it into signals. When nothing is due it costs one indexed probe and sleeps until something is, at most five seconds.</summary>
internal sealed class AdvanceLoop(
    EnrollmentClaims claims, DueBatch batch, SlotRelease slots, Wakeups wakeups, TimeProvider time, ILogger<AdvanceLoop> logger) : Loop(wakeups, time, logger)
{
    private const int BatchSize = 500;
    private const int MostFailures = 5;
    private static readonly Duration Lease = Duration.FromSeconds(60);
    private static readonly Duration LongestRest = Duration.FromSeconds(5);
    private readonly TimeProvider time = time;
    private readonly Wakeups wakeups = wakeups;
    private Instant doubtAgainAt = Instant.MinValue;

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        var now = time.Now();
        var buckets = await claims.ProbeAsync(now, cancel);
        TellOfDoubt(buckets, now);
        var worked = buckets.Any(bucket => bucket.SlotsAt <= now) && await slots.ReleaseAsync(cancel) > 0;
        foreach (var bucket in buckets.Where(bucket => bucket.NextAt <= now))
            worked |= await AdvanceAsync(bucket, now, cancel);
        if (worked) return TimeSpan.Zero;
        var soonest = buckets.SelectMany(bucket => new[] { bucket.NextAt, bucket.SlotsAt }).Where(at => at > now).Min() ?? Instant.MaxValue;
        return Duration.Min(soonest - now, LongestRest).ToTimeSpan();
    }

    // What another process has in hand looks doubtful for as long as it is alive: the rescue loop asks more exactly, but not at every turn.
    private void TellOfDoubt(IReadOnlyList<BucketProbe> buckets, Instant now)
    {
        if (now < doubtAgainAt || !buckets.Any(bucket => bucket.Doubtful)) return;
        doubtAgainAt = now + LongestRest;
        wakeups.WakeHere(Wakeup.Doubt);
    }

    private async Task<bool> AdvanceAsync(BucketProbe bucket, Instant now, CancellationToken cancel)
    {
        if (!await batch.HasRoomAsync(bucket.Number, cancel)) return false;
        var claimed = await claims.ClaimAsync(bucket.Number, bucket.Epoch, now, Lease, BatchSize, cancel);
        if (claimed.Count == 0) return false;
        if (!await TryAsync(() => batch.AdvanceAsync(bucket.Number, claimed, cancel), cancel)) await AdvanceEachAsync(bucket.Number, claimed, cancel);
        return true;
    }

    /// <summary>One row that breaks never holds up the others of its batch. Where one after the other breaks it is not the rows, and their leases bring them back.</summary>
    private async Task AdvanceEachAsync(int bucket, IReadOnlyList<Enrollment> claimed, CancellationToken cancel)
    {
        var failures = 0;
        foreach (var run in claimed)
            if (await TryAsync(() => batch.AdvanceAsync(bucket, [run], cancel), cancel)) failures = 0;
            else if (++failures == MostFailures) return;
    }
}
