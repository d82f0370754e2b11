using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>The open hours that belong to one day of a schedule.</summary>
internal static class OpenHours
{
    private static readonly SendWindow WholeDay = new(
        new HashSet<IsoDayOfWeek>(Enum.GetValues<IsoDayOfWeek>()), LocalTime.Midnight, LocalTime.Midnight);

    /// <summary>The first open instant at or after <paramref name="from"/> in the windows that start on the day; null if none.</summary>
    public static Instant? FirstOn(LocalDate day, Instant from, Schedule schedule)
    {
        if (!schedule.IsOpenDay(day))
            return null;
        if (schedule.Windows.Count == 0)
            return FirstIn(WholeDay, day, from, schedule.Zone);
        Instant? first = null;
        foreach (var window in schedule.Windows)
        {
            if (window.Days.Contains(day.DayOfWeek) && FirstIn(window, day, from, schedule.Zone) is { } slot && !(slot >= first))
                first = slot;
        }
        return first;
    }

    /// <summary>
    /// A bound from below on how long it stays open: the earliest end of a window that may hold the instant, the end of the day, or a change
    /// of the clock, whichever is first.
    /// </summary>
    public static Instant OpenAtLeastUntil(Instant at, Schedule schedule)
    {
        if (schedule.IsAlwaysOpen)
            return Instant.MaxValue;
        var today = at.InZone(schedule.Zone).Date;
        var interval = schedule.Zone.GetZoneInterval(at);
        var until = Instant.Min(schedule.Zone.AtStartOfDay(today.PlusDays(1)).ToInstant(), interval.HasEnd ? interval.End : Instant.MaxValue);
        foreach (var window in schedule.Windows)
        {
            foreach (var day in (ReadOnlySpan<LocalDate>)[today.PlusDays(-1), today])
            {
                if (ZoneRules.ToInstant(window.EndOn(day), schedule.Zone) is var closes && closes > at)
                    until = Instant.Min(until, closes);
            }
        }
        return until;
    }

    private static Instant? FirstIn(SendWindow window, LocalDate day, Instant from, DateTimeZone zone)
    {
        var closes = ZoneRules.ToInstant(window.EndOn(day), zone);
        if (closes <= from)
            return null;
        var start = zone.MapLocal(window.StartOn(day));
        var slot = Instant.Max(ZoneRules.ToInstant(start), from);
        // A clock set back to before the start of an open window: closed until the clock shows the start again.
        if (start.Count == 2 && slot >= start.LateInterval.Start)
            slot = Instant.Max(start.Last().ToInstant(), slot);
        return slot < closes ? slot : null;
    }
}
