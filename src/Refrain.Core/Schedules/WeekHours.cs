using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>Windows laid out on a week of seven days of 24 hours, in ticks from Monday's midnight: no date, no zone.</summary>
internal static class WeekHours
{
    private const long Week = 7 * NodaConstants.TicksPerDay;

    /// <summary>Whether the two windows are ever open at the same wall time.</summary>
    public static bool Overlap(SendWindow one, SendWindow other)
    {
        foreach (var day in one.Days)
        {
            foreach (var otherDay in other.Days)
            {
                // The distance from one start to the other, round the week.
                var apart = (Start(other, otherDay) - Start(one, day) + Week) % Week;
                if (apart < Length(one) || Week - apart < Length(other))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Whether the time of day lies in the window, on the day it starts on or after midnight.</summary>
    public static bool Covers(SendWindow window, LocalTime time) =>
        (time.TickOfDay - window.From.TickOfDay + NodaConstants.TicksPerDay) % NodaConstants.TicksPerDay < Length(window);

    private static long Start(SendWindow window, IsoDayOfWeek day) => (((int)day - 1) * NodaConstants.TicksPerDay) + window.From.TickOfDay;

    private static long Length(SendWindow window) =>
        window.To.TickOfDay - window.From.TickOfDay + (window.To > window.From ? 0 : NodaConstants.TicksPerDay);
}
