using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>When a step may happen: pure, exact, and the same answer at every look.</summary>
public static class NextSlot
{
    // A window on one weekday whose day is always a holiday is closed for a few weeks at most; what does not open in this time never does.
    private const int HorizonDays = 500;
    private const int QuarterHour = 900;

    /// <summary>
    /// The end of the delay that began at <paramref name="from"/>. Minutes and hours are exact; days are calendar days at the
    /// same wall time in the schedule's zone; business days skip weekends and holidays. Never before <paramref name="from"/>.
    /// </summary>
    public static Instant DelayEnds(Instant from, StepDelay delay, Schedule schedule)
    {
        if (delay.Value <= 0)
            return from;
        return delay.Unit switch
        {
            DelayUnit.Minutes => from + Duration.FromMinutes(delay.Value),
            DelayUnit.Hours => from + Duration.FromHours(delay.Value),
            DelayUnit.Days => SameWallTime(from, schedule.Zone, date => date.PlusDays(delay.Value)),
            DelayUnit.BusinessDays => SameWallTime(from, schedule.Zone, date => BusinessDays.Add(date, delay.Value, schedule)),
        };
    }

    /// <summary>
    /// The first allowed instant at or after <paramref name="from"/>: at the step's own time of day if it has one, inside a
    /// window, on a weekday, on no holiday, as the schedule demands. Null when there is none: after the end date, or never open.
    /// </summary>
    public static Instant? At(Instant from, LocalTime? timeOfDay, Schedule schedule)
    {
        if (schedule.OwnerHours is not { } owner)
            return OwnSlot(from, timeOfDay, schedule);
        var horizon = from + Duration.FromDays(HorizonDays);
        var slot = OwnSlot(from, timeOfDay, schedule);
        while (slot is { } candidate && candidate <= horizon)
        {
            if (At(candidate, null, owner) is not { } atWork)
                return null;
            if (atWork == candidate)
                return candidate;
            slot = OwnSlot(atWork, timeOfDay, schedule);
        }
        return null;
    }

    /// <summary>Whether a step without a time of day may happen at this instant.</summary>
    public static bool IsOpen(Instant at, Schedule schedule) =>
        !schedule.HasEnded(at) && IsOpenByTheClock(at, schedule) && (schedule.OwnerHours is not { } owner || IsOpen(at, owner));

    /// <summary>Until when a schedule that is open stays so at least; it may be longer.</summary>
    internal static Instant OpenAtLeastUntil(Instant at, Schedule schedule)
    {
        var until = OpenHours.OpenAtLeastUntil(at, schedule);
        if (schedule.EndsOn is { } last)
            until = Instant.Min(until, schedule.EndZone.AtStartOfDay(last.PlusDays(1)).ToInstant());
        return schedule.OwnerHours is { } owner ? Instant.Min(until, OpenAtLeastUntil(at, owner)) : until;
    }

    /// <summary>How far ahead the end of open hours is looked for.</summary>
    public static Duration FarthestClose { get; } = Duration.FromHours(48);

    /// <summary>The end of the open hours that an instant lies in, at most 48 hours ahead: null when they are shut, or do not end so soon.</summary>
    public static Instant? Closes(Instant at, Schedule schedule)
    {
        if ((schedule.IsAlwaysOpen && schedule is { EndsOn: null, OwnerHours: null }) || !IsOpen(at, schedule))
            return null;
        var (open, shut) = (at, at + FarthestClose);
        if (OpensUntil(open, shut, schedule) is not { } inside)
            return null;
        // Between two looks a quarter of an hour apart, to the second.
        (open, shut) = inside;
        while (shut - open > Duration.FromSeconds(1))
        {
            var middle = open + ((shut - open) / 2);
            (open, shut) = IsOpen(middle, schedule) ? (middle, shut) : (open, middle);
        }
        return Instant.FromUnixTimeSeconds((shut + Duration.FromMilliseconds(999)).ToUnixTimeSeconds());
    }

    // At whole quarters of an hour, so that it does not matter when one looks.
    private static (Instant Open, Instant Shut)? OpensUntil(Instant from, Instant until, Schedule schedule)
    {
        var open = from;
        for (var second = ((from.ToUnixTimeSeconds() / QuarterHour) + 1) * QuarterHour; second <= until.ToUnixTimeSeconds(); second += QuarterHour)
        {
            var at = Instant.FromUnixTimeSeconds(second);
            if (!IsOpen(at, schedule))
                return (open, at);
            open = at;
        }
        return null;
    }

    private static Instant SameWallTime(Instant from, DateTimeZone zone, Func<LocalDate, LocalDate> move)
    {
        var wall = from.InZone(zone).LocalDateTime;
        return ZoneRules.ToInstant(move(wall.Date) + wall.TimeOfDay, zone);
    }

    private static Instant? OwnSlot(Instant from, LocalTime? timeOfDay, Schedule schedule)
    {
        var slot = timeOfDay is { } time ? AtTimeOfDay(from, time, schedule)
            : schedule.IsAlwaysOpen ? from
            : FirstOpen(from, schedule);
        return slot is { } found && schedule.HasEnded(found) ? null : slot;
    }

    private static Instant? AtTimeOfDay(Instant from, LocalTime time, Schedule schedule)
    {
        var (yesterday, last) = DaysToSearch(from, schedule);
        for (var day = yesterday; day <= last; day = day.PlusDays(1))
        {
            var slot = ZoneRules.ToInstant(day + time, schedule.Zone);
            if (slot >= from && IsOpenByTheClock(slot, schedule))
                return slot;
        }
        return null;
    }

    private static Instant? FirstOpen(Instant from, Schedule schedule)
    {
        var (yesterday, last) = DaysToSearch(from, schedule);
        for (var day = yesterday; day <= last; day = day.PlusDays(1))
        {
            if (OpenHours.FirstOn(day, from, schedule) is { } slot)
                return slot;
        }
        return null;
    }

    private static bool IsOpenByTheClock(Instant at, Schedule schedule)
    {
        if (schedule.IsAlwaysOpen)
            return true;
        var today = at.InZone(schedule.Zone).Date;
        return OpenHours.FirstOn(today, at, schedule) == at || OpenHours.FirstOn(today.PlusDays(-1), at, schedule) == at;
    }

    // From yesterday, whose window may cross midnight or whose time of day a gap may have moved to today.
    private static (LocalDate Yesterday, LocalDate Last) DaysToSearch(Instant from, Schedule schedule)
    {
        var today = from.InZone(schedule.Zone).Date;
        var last = today.PlusDays(HorizonDays);
        // Zones differ by up to 26 hours: the end date is at most two dates away from the contact's.
        if (schedule.EndsOn is { } endsOn)
            last = LocalDate.Min(last, endsOn.PlusDays(2));
        return (today.PlusDays(-1), last);
    }
}
