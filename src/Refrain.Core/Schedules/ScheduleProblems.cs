using NodaTime;
using Refrain.Core.Sequences;

namespace Refrain.Core.Schedules;

/// <summary>What is wrong with a schedule, told when it is saved and not when the first step should have gone.</summary>
public static class ScheduleProblems
{
    /// <summary>All problems, in the order of the settings; empty when the schedule can be saved.</summary>
    /// <param name="settings">Of the draft.</param>
    /// <param name="timesOfDay">The time of day of each step, null where it has none.</param>
    /// <param name="now">To tell whether the end date is in the past.</param>
    public static IReadOnlyList<Problem> Find(
        SequenceSettings settings, IReadOnlyList<LocalTime?> timesOfDay, Instant now)
    {
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(settings.TimeZone);
        var windows = OfWindows(settings.Windows, "settings.windows", settings.WeekdaysOnly);
        return
        [
            .. OfZone(settings.TimeZone, "settings.timeZone"),
            .. windows,
            .. Overlaps(settings.Windows, "settings.windows"),
            .. settings.Holidays.SelectMany(OfCountry),
            .. OfEnd(settings.EndsOn, zone, now),
            // Windows that never open have been named above; every time of day would be outside them.
            .. windows.Count > 0 ? [] : timesOfDay.SelectMany((time, i) => OfTimeOfDay(time, i, settings)),
        ];
    }

    /// <summary>What is wrong with working hours; empty when they can be saved.</summary>
    /// <param name="timeZone">Whose wall clock: an IANA name.</param>
    /// <param name="windows">When somebody works.</param>
    /// <param name="field">How the API spells the hours.</param>
    public static IReadOnlyList<Problem> OfHours(string timeZone, IReadOnlyList<SendWindow> windows, string field) =>
        [.. OfZone(timeZone, $"{field}.timeZone"), .. OfWindows(windows, $"{field}.windows", weekdaysOnly: false), .. Overlaps(windows, $"{field}.windows")];

    private static List<Problem> OfWindows(IReadOnlyList<SendWindow> windows, string field, bool weekdaysOnly) =>
        [.. windows.SelectMany((window, i) => Of(window, $"{field}[{i}]", weekdaysOnly))];

    private static IEnumerable<Problem> OfZone(string name, string field)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is null)
            yield return new(field, "unknown_time_zone", $"\"{name}\" is no IANA time zone such as \"Europe/Berlin\".");
    }

    private static IEnumerable<Problem> Of(SendWindow window, string field, bool weekdaysOnly)
    {
        if (window.Days.Count == 0)
            yield return new(field, "window_without_days", "The window has no days, so it never opens.");
        else if (weekdaysOnly && !window.Days.Any(day => IsAllowed(day, weekdaysOnly)))
            yield return new(field, "window_never_opens", "The window is open on weekends only, but the sequence runs on weekdays only.");
        if (window.From == window.To && window.To != LocalTime.Midnight)
            yield return new(field, "window_is_empty", "The window ends when it starts; write 00:00 to 00:00 for the whole day.");
    }

    private static IEnumerable<Problem> Overlaps(IReadOnlyList<SendWindow> windows, string field)
    {
        for (var later = 1; later < windows.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                if (WeekHours.Overlap(windows[earlier], windows[later]))
                    yield return new($"{field}[{later}]", "windows_overlap", $"The window overlaps with window {earlier + 1}.");
            }
        }
    }

    private static IEnumerable<Problem> OfCountry(string code, int index)
    {
        if (!Holidays.IsKnown(code))
            yield return new($"settings.holidays[{index}]", "unknown_country", $"No holidays are known for \"{code}\"; write codes such as \"DE\" or \"DE-BY\".");
    }

    private static IEnumerable<Problem> OfEnd(LocalDate? endsOn, DateTimeZone? zone, Instant now)
    {
        if (zone is not null && endsOn < now.InZone(zone).Date)
            yield return new("settings.endsOn", "ends_in_the_past", $"The end date {endsOn:uuuu'-'MM'-'dd} is in the past, so nothing would be sent.");
    }

    private static IEnumerable<Problem> OfTimeOfDay(LocalTime? timeOfDay, int step, SequenceSettings settings)
    {
        if (timeOfDay is not { } time || settings.Windows.Count == 0 || settings.Windows.Any(window => Covers(window, time, settings.WeekdaysOnly)))
            yield break;
        yield return new($"steps[{step}].at", "time_outside_windows", $"{time:HH':'mm} lies in no window, so the step could never happen.");
    }

    // A window belongs to the day it starts on, so the hours after midnight of a Friday's window are open on weekdays only too.
    private static bool Covers(SendWindow window, LocalTime time, bool weekdaysOnly) =>
        window.Days.Any(day => IsAllowed(day, weekdaysOnly)) && WeekHours.Covers(window, time);

    private static bool IsAllowed(IsoDayOfWeek day, bool weekdaysOnly) =>
        !weekdaysOnly || day is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday);
}
