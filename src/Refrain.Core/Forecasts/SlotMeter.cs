using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Forecasts;

/// <summary>
/// A <see cref="RollingBudget"/> that a virtual clock uses up: the same rules over the same minutes, but a send costs the same
/// however many came before it.
/// </summary>
internal sealed class SlotMeter
{
    private readonly PlannedBudget budget;
    private readonly Queue<MinuteCount> accepted;
    private MinuteCount newest;
    private int used;

    public SlotMeter(PlannedBudget budget, Instant now)
    {
        this.budget = budget;
        accepted = new(budget.Budget.Accepted);
        used = budget.Budget.Accepted.Sum(one => one.Count);
        // What is reserved now is accepted now: refusals would only make it earlier.
        Take(now, budget.Budget.Reserved);
    }

    /// <summary>Slots taken in the window that ends now.</summary>
    public int Used(Instant now)
    {
        Forget(now);
        return used;
    }

    /// <summary>When the next slot is free, or when it is worth asking again; null if never.</summary>
    public Instant? FreeAt(Instant now)
    {
        var cap = CapAt(now);
        var toFree = Used(now) + 1 - cap;
        if (toFree <= 0)
            return now;
        var grows = Grows(now, cap);
        Instant? frees = cap < 1 ? null : Release(toFree, now);
        return frees is { } release && grows is { } growth ? Instant.Min(release, growth) : frees ?? grows;
    }

    public void Take(Instant now, int count = 1)
    {
        if (count == 0)
            return;
        used += count;
        var minute = RollingBudget.MinuteOf(now);
        if (newest.Count > 0 && newest.Minute != minute)
            accepted.Enqueue(newest);
        newest = newest.Minute == minute ? newest with { Count = newest.Count + count } : new(minute, count);
    }

    private Instant Release(int toFree, Instant now)
    {
        foreach (var one in accepted)
        {
            toFree -= one.Count;
            if (toFree <= 0)
                return budget.Budget.FreeAgain(one.Minute);
        }
        return budget.Budget.FreeAgain(newest.Count > 0 ? newest.Minute : now);
    }

    private void Forget(Instant now)
    {
        while (accepted.TryPeek(out var oldest) && budget.Budget.FreeAgain(oldest.Minute) <= now)
            used -= accepted.Dequeue().Count;
        if (newest.Count > 0 && accepted.Count == 0 && budget.Budget.FreeAgain(newest.Minute) <= now)
            (used, newest) = (used - newest.Count, default);
    }

    private int CapAt(Instant now) =>
        budget.Ramp is { } ramp ? Math.Min(budget.Budget.Cap, ramp.CapOn(now.InZone(budget.RampZone!).Date)) : budget.Budget.Cap;

    private Instant? Grows(Instant now, int cap)
    {
        if (budget.Ramp is not { PerDay: > 0 } || cap >= budget.Budget.Cap)
            return null;
        return budget.RampZone!.AtStartOfDay(now.InZone(budget.RampZone!).Date.PlusDays(1)).ToInstant();
    }
}
