using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>A schedule that remembers how long it stays open or shut, so that looks at instants near each other cost next to nothing. It answers as <see cref="NextSlot"/> does.</summary>
public sealed class OpeningTimes(Schedule schedule)
{
    private const int FarthestBack = 500;
    private static readonly Duration LongestSearch = Duration.FromDays(14);
    private (Instant From, Instant Until) _open = (Instant.MaxValue, Instant.MinValue);
    private (Instant From, Instant Until) _shut = (Instant.MaxValue, Instant.MinValue);
    private Instant? _ends;
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

    /// <summary>The end of the hours that are open now, as <see cref="NextSlot.Closes"/> tells it; null when they do not end soon.</summary>
    public Instant? Closes(Instant now)
    {
        if (now < _hours.From || now >= _hours.Until)
            _hours = FindEnd(now);
        return _hours.Closes is { } end && end - now <= NextSlot.FarthestClose ? end : null;
    }

    /// <summary>When the last hours before the end date shut, from when on nothing happens any more; null where there is no end date.</summary>
    public Instant? Ends => schedule.EndsOn is { } last ? _ends ??= FindLast(last) : null;

    private Instant FindLast(LocalDate last)
    {
        for (var day = last; day >= last.PlusDays(-FarthestBack); day = day.PlusDays(-1))
        {
            var end = schedule.EndZone.AtStartOfDay(day).ToInstant();
            if (NextSlot.At(end, null, schedule) is null)
                continue;
            while (NextSlot.At(end, null, schedule) is { } open)
                end = NextSlot.OpenAtLeastUntil(open, schedule);
            return end;
        }
        return Instant.MinValue;
    }

    private (Instant From, Instant Until, Instant? Closes) FindEnd(Instant now)
    {
        for (var at = now; at <= now + LongestSearch; at += NextSlot.FarthestClose)
        {
            if (NextSlot.Closes(at, schedule) is { } closes)
                return (now, closes, closes);
        }
        return (now, now + LongestSearch - NextSlot.FarthestClose, null);
    }
}
