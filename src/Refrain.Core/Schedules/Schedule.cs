using System.Collections.Frozen;
using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>Everything that says when a step may happen, resolved for one contact.</summary>
/// <param name="Zone">The zone of windows, times of day, weekdays and holidays: the contact's if known, else the sequence's.</param>
/// <param name="Windows">When steps may happen; empty means always.</param>
/// <param name="WeekdaysOnly">Nothing on Saturdays and Sundays.</param>
/// <param name="HolidayCountries">Whose public holidays are free: ISO codes of countries ("DE") or their parts ("DE-BY").</param>
/// <param name="EndsOn">The last day, inclusive, as a date in <paramref name="EndZone"/>.</param>
/// <param name="EndZone">The sequence's zone.</param>
public sealed record Schedule(
    DateTimeZone Zone,
    IReadOnlyList<SendWindow> Windows,
    bool WeekdaysOnly,
    IReadOnlyList<string> HolidayCountries,
    LocalDate? EndsOn,
    DateTimeZone EndZone)
{
    /// <summary>Free days from calendars of one's own, beside those of <see cref="HolidayCountries"/>.</summary>
    public IReadOnlySet<LocalDate> OwnHolidays { get; init; } = FrozenSet<LocalDate>.Empty;

    /// <summary>The mailbox owner's working hours, in the owner's zone, where both must be open; null when they do not matter.</summary>
    public Schedule? OwnerHours { get; init; }

    /// <summary>The same where the owner's working hours do not matter.</summary>
    public Schedule WithoutOwner => OwnerHours is null ? this : this with { OwnerHours = null };

    /// <summary>A user's working hours: they know neither holidays nor an end.</summary>
    public static Schedule OfOwner(DateTimeZone zone, IReadOnlyList<SendWindow> windows) => new(zone, windows, WeekdaysOnly: false, [], null, zone);

    /// <summary>Whether the date is a holiday of one of the countries or of one's own calendars.</summary>
    public bool IsHoliday(LocalDate date) => Holidays.IsHoliday(date, HolidayCountries) || OwnHolidays.Contains(date);

    internal bool IsOpenDay(LocalDate date) => !(WeekdaysOnly && BusinessDays.IsWeekend(date)) && !IsHoliday(date);

    internal bool IsAlwaysOpen => Windows.Count == 0 && AllowsEveryDay;

    internal bool AllowsEveryDay => !WeekdaysOnly && HolidayCountries.Count == 0 && OwnHolidays.Count == 0;

    internal bool HasEnded(Instant at) => EndsOn is { } last && at.InZone(EndZone).Date > last;
}
