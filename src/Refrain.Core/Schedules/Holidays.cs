using System.Collections.Frozen;
using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>
/// Public holidays of countries and their parts, from date-holidays (see NOTICE.md); made by <c>bin/holidays</c>.
/// Whole days only: a holiday that begins at noon or later is an ordinary day.
/// </summary>
public static class Holidays
{
    private static readonly Lazy<HolidayCalendars> Calendars = new(HolidayCalendars.Read);

    /// <summary>ISO codes that are known, upper case: "DE", "DE-BY", "DE-BY-A".</summary>
    public static IReadOnlyCollection<string> Countries => Calendars.Value.Codes;

    /// <summary>The last date the data knows; after it no day is a holiday.</summary>
    public static LocalDate LastCovered => Calendars.Value.LastCovered;

    /// <summary>Whether one of the countries has a public holiday on the date. An unknown code has none; it is refused when saved.</summary>
    public static bool IsHoliday(LocalDate date, IReadOnlyList<string> countries)
    {
        for (var i = 0; i < countries.Count; i++)
        {
            if (Calendars.Value.Of(countries[i]).Contains(date))
                return true;
        }
        return false;
    }

    /// <summary>Whether the code, in any case of letters, is one of <see cref="Countries"/>.</summary>
    public static bool IsKnown(string country) => Calendars.Value.Knows(country);

    /// <summary>All public holidays of one country or part; empty for an unknown code.</summary>
    public static FrozenSet<LocalDate> Of(string country) => Calendars.Value.Of(country);
}
