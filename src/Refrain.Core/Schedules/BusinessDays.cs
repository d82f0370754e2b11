using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>Mondays to Fridays that are no holiday. Windows say when to send; they do not redefine business days.</summary>
public static class BusinessDays
{
    /// <summary>Whether the date is a Saturday or a Sunday.</summary>
    public static bool IsWeekend(LocalDate date) => date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;

    /// <summary>Whether the date is neither on a weekend nor one of the schedule's holidays.</summary>
    public static bool IsBusinessDay(LocalDate date, Schedule schedule) => !IsWeekend(date) && !schedule.IsHoliday(date);

    /// <summary>The first business day later than the date: the day to go on after the first day back.</summary>
    public static LocalDate NextAfter(LocalDate date, Schedule schedule) => FirstOnOrAfter(date.PlusDays(1), schedule);

    /// <summary>The date itself if it is a business day, else the next one.</summary>
    public static LocalDate FirstOnOrAfter(LocalDate date, Schedule schedule)
    {
        while (!IsBusinessDay(date, schedule))
            date = date.PlusDays(1);
        return date;
    }

    /// <summary>The date that many business days later; zero is the date itself, whatever day it is.</summary>
    public static LocalDate Add(LocalDate date, int days, Schedule schedule)
    {
        for (; days > 0; days--)
            date = NextAfter(date, schedule);
        return date;
    }
}
