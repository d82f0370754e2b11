using NodaTime;
using Refrain.Core.Schedules;

namespace Refrain.Core.Tests.Schedules;

/// <summary>The slow truth: looks at the wall clock minute by minute, and computes no instant from a wall time.</summary>
internal static class SlotOracle
{
    public static Instant? First(Instant from, LocalTime? timeOfDay, Schedule schedule, int days)
    {
        for (var at = from; at < from + Duration.FromDays(days); at += Duration.FromMinutes(1))
        {
            if ((timeOfDay is not { } time || ReachesToday(at, time, schedule.Zone)) && IsOpen(at, schedule))
                return at;
        }
        return null;
    }

    public static bool IsOpen(Instant at, Schedule schedule)
    {
        if (schedule.EndsOn is { } endsOn && at.InZone(schedule.EndZone).Date > endsOn)
            return false;
        var shown = Shown(at, schedule.Zone);
        LocalDate[] days = [shown.Date, shown.Date.PlusDays(-1)];
        return schedule.Windows.Count == 0
            ? IsWorkingDay(shown.Date, schedule)
            : days.Any(day => IsWorkingDay(day, schedule) && schedule.Windows.Any(window => IsIn(window, day, at, schedule.Zone)));
    }

    private static bool IsIn(SendWindow window, LocalDate day, Instant at, DateTimeZone zone)
    {
        var start = day + window.From;
        var end = (window.To > window.From ? day : day.PlusDays(1)) + window.To;
        var shown = Shown(at, zone);
        return window.Days.Contains(day.DayOfWeek) && shown >= start && shown < end && !HasBeenShown(end, at, zone);
    }

    private static bool ReachesToday(Instant at, LocalTime time, DateTimeZone zone)
    {
        LocalDate[] days = [Shown(at, zone).Date, Shown(at, zone).Date.PlusDays(-1)];
        return days.Select(day => day + time).Any(wall => Shown(at, zone) >= wall && !HasBeenShown(wall, at, zone));
    }

    // Whether the clock showed the time or a later one in the three hours (and, where it jumped, the minute) before.
    private static bool HasBeenShown(LocalDateTime wall, Instant at, DateTimeZone zone)
    {
        var minutes = zone.GetZoneInterval(at - Duration.FromHours(3)).Contains(at) ? 1 : 180;
        return Enumerable.Range(1, minutes).Any(ago => Shown(at - Duration.FromMinutes(ago), zone) >= wall);
    }

    private static bool IsWorkingDay(LocalDate day, Schedule schedule) =>
        !(schedule.WeekdaysOnly && (int)day.DayOfWeek > 5) && !schedule.HolidayCountries.Any(country => Holidays.Of(country).Contains(day));

    private static LocalDateTime Shown(Instant at, DateTimeZone zone) => at.InZone(zone).LocalDateTime;
}
