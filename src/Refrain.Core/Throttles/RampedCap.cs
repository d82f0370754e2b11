using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>The growing cap of a new mailbox, by the days of its owner's zone. Who is behind it has a planned time: the cap that he waits for will be there.</summary>
public sealed record RampedCap(RampUp Ramp, DateTimeZone Zone)
{
    /// <summary>The first instant, not before the given one, at which the cap of the day leaves room.</summary>
    /// <param name="from">An instant that is not past.</param>
    /// <param name="day">What the mailbox sends in 24 hours.</param>
    /// <param name="promised">The one who asks has a promise, which is counted there.</param>
    public Instant FirstFree(Instant from, SendLimit day, bool promised)
    {
        for (var at = from; ;)
        {
            var today = at.InZone(Zone).Date;
            var cap = Ramp.CapOn(today);
            if (cap >= Ramp.Full || day.UsedAt(at, withPromisesAfter: !promised) - (promised ? 1 : 0) < cap)
                return at;
            var tomorrow = Zone.AtStartOfDay(today.PlusDays(1)).ToInstant();
            at = day.NextFreed(at) is { } freed ? Instant.Min(freed, tomorrow) : tomorrow;
        }
    }
}
