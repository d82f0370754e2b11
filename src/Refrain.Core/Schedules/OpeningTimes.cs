using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>A schedule that remembers how long it stays open or shut, so that looks at instants near each other cost next to nothing. It answers as <see cref="NextSlot"/> does.</summary>
public sealed class OpeningTimes(Schedule schedule)
{
    private (Instant From, Instant Until) _open = (Instant.MaxValue, Instant.MinValue);
    private (Instant From, Instant Until) _shut = (Instant.MaxValue, Instant.MinValue);
    private (Instant From, Instant Until, Instant? Closes) _hours = (Instant.MaxValue, Instant.MinValue, null);

    public Schedule Schedule => schedule;

    /// <summary>The first instant, not before the given one, at which something may happen; null if there is none.</summary>
    public Instant? NextOpen(Instant at)
    {
        if (at >= _open.From && at < _open.Until)
            return at;
        if (at >= _shut.From && at < _shut.Until)
            return _shut.Until == Instant.MaxValue ? null : _shut.Until;
        var next = NextSlot.At(at, null, schedule);
        if (next == at)
            _open = (at, NextSlot.OpenAtLeastUntil(at, schedule));
        else
            _shut = (at, next ?? Instant.MaxValue);
        return next;
    }

    /// <summary>Whether a step without a time of day may happen at this instant.</summary>
    public bool IsOpen(Instant at) => NextOpen(at) == at;

    /// <summary>The end of the hours that are open now; null when they do not end soon.</summary>
    public Instant? Closes(Instant now)
    {
        if (now < _hours.From || now >= _hours.Until)
        {
            var closes = NextSlot.Closes(now, schedule);
            _hours = (now, closes ?? now + Duration.FromHours(24), closes);
        }
        return _hours.Closes;
    }
}
