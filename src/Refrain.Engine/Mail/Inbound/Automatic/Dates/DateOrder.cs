using NodaTime;

namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>Whether 03/04 is the third of April or the fourth of March, in the hands of one writer.</summary>
internal enum DateOrder
{
    Unknown,
    DayFirst,
    MonthFirst,
}

/// <summary>Finds out by the writer's other dates, his language, his domain and his zone. What stays open is not used.</summary>
internal static class DateOrders
{
    private static readonly string[] DayFirstDomains = [".uk", ".au", ".nz", ".ie", ".in", ".za", ".sg", ".my", ".hk", ".eu", ".de", ".fr", ".nl", ".es", ".it", ".se", ".no", ".dk", ".fi", ".pl", ".cz", ".be", ".at", ".ch", ".pt", ".br", ".mx", ".tr", ".ru"];
    private static readonly string[] MonthFirstDomains = [".us", ".gov", ".mil", ".edu"];

    public static DateOrder Of(IReadOnlyList<DateMention> mentions, LocalDate? sent, string? language, string senderDomain, Offset? zone)
    {
        var byDates = ByOtherDates(mentions, sent);
        if (byDates != DateOrder.Unknown) return byDates;
        switch (language)
        {
            case "ja" or "zh" or "ko":
                return DateOrder.MonthFirst;
            case not (null or "en"):
                return DateOrder.DayFirst;
        }

        if (Array.Exists(MonthFirstDomains, senderDomain.EndsWith)) return DateOrder.MonthFirst;
        return Array.Exists(DayFirstDomains, senderDomain.EndsWith) ? DateOrder.DayFirst : ByZone(zone);
    }

    private static DateOrder ByOtherDates(IReadOnlyList<DateMention> mentions, LocalDate? sent)
    {
        foreach (var mention in mentions)
        {
            if (mention.Order != DateOrder.Unknown) return mention.Order;
            if (mention.Open is not { } open || open.First == open.Second) continue;
            if (mention.Weekday is { } weekday && ByWeekday(open, mention.Year ?? sent?.Year, weekday) is var byWeekday and not DateOrder.Unknown) return byWeekday;

            // "Your message sent on 05/02/2025" names the day of this very exchange.
            if (sent is { } day && mention.Year == day.Year)
            {
                if (open == (day.Day, day.Month)) return DateOrder.DayFirst;
                if (open == (day.Month, day.Day)) return DateOrder.MonthFirst;
            }
        }

        return DateOrder.Unknown;
    }

    private static DateOrder ByWeekday((int First, int Second) open, int? year, int weekday)
    {
        if (year is not { } known) return DateOrder.Unknown;
        var dayFirst = Falls(known, open.Second, open.First, weekday);
        var monthFirst = Falls(known, open.First, open.Second, weekday);
        return dayFirst == monthFirst ? DateOrder.Unknown : dayFirst ? DateOrder.DayFirst : DateOrder.MonthFirst;
    }

    private static bool Falls(int year, int month, int day, int weekday) =>
        day <= CalendarSystem.Iso.GetDaysInMonth(year, month) && (int)new LocalDate(year, month, day).DayOfWeek == weekday;

    // Universal time is what servers write when they do not know, so it says nothing.
    private static DateOrder ByZone(Offset? zone) => zone?.Seconds switch
    {
        null or 0 => DateOrder.Unknown,
        >= -10 * 3600 and <= -4 * 3600 => DateOrder.MonthFirst,
        _ => DateOrder.DayFirst,
    };
}
