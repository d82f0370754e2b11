using NodaTime;
using NodaTime.Calendars;
using Refrain.Engine.Mail.Inbound.Automatic.Dates;

namespace Refrain.Engine.Mail.Inbound.Automatic;

/// <summary>
/// The first day back, as the notice states it: from "back on D" D, from "until D" D, from "until D inclusive" the day after.
/// A day that lies in the past, is somebody else's or could be one of two is not used; none is ever inferred.
/// </summary>
internal static class ReturnDate
{
    // Without a year a day up to half a year back is simply over; one further back means next year's. One far ahead was last
    // year's, in a notice that was left on.
    private const int LongestPast = 182;
    private const int LongestAhead = 270;
    private const int FarthestYears = 3;
    private const int LongestBridge = 4;
    private const int LongestText = 6000;

    public static LocalDate? In(IncomingMail mail, AutomaticMail notice)
    {
        var text = DateNumerals.InDigits(notice.SubjectLead + "\n" + (notice.Text.Length > LongestText ? notice.Text[..LongestText] : notice.Text));
        var mentions = DateScanner.Scan(text);
        if (mentions.Count == 0) return null;
        var sent = mail.Date is { } date ? LocalDate.FromDateTime(date.DateTime) : (LocalDate?)null;
        var zone = mail.Date is { } stamped ? Offset.FromTimeSpan(stamped.Offset) : (Offset?)null;
        var order = DateOrders.Of(mentions, sent, AbsenceLanguages.Of(text), Domain(mail), zone);
        return Choose(text, mentions, sent, order);
    }

    private static LocalDate? Choose(string text, List<DateMention> mentions, LocalDate? sent, DateOrder order)
    {
        var cues = new DateCues(text, mentions);
        var meanings = mentions.Select((_, index) => cues.MeaningOf(index)).ToArray();
        LocalDate? back = null;
        (LocalDate Day, int At)? until = null;
        for (var index = 0; index < mentions.Count; index++)
        {
            var meaning = meanings[index];
            if (meaning is DateMeaning.None or DateMeaning.Start || Resolve(mentions[index], meaning, sent, order) is not { } day) continue;
            if (meaning == DateMeaning.Back)
            {
                // "Out until the 14th. The desk reopens on the 12th."
                if (until is null || day >= until.Value.Day) back ??= day;
                continue;
            }

            if (meaning == DateMeaning.UntilInclusive) day = day.PlusDays(1);
            if (until is not { } known || (day > known.Day && Continues(known.Day, index, day) is var continues && (continues ?? cues.AreTogether(known.At, index)))) until = (day, index);
        }

        return back ?? until?.Day;

        // Of several absences the first counts, and what follows it without a working week between. Null where the start is not known.
        bool? Continues(LocalDate end, int index, LocalDate day)
        {
            var start = mentions[index].SpanStart is { } number && mentions[index].Week is null ? StartBefore(day, number)
                : index > 0 && (cues.EndsSpan(index) || meanings[index - 1] == DateMeaning.Start) ? Resolve(mentions[index - 1], DateMeaning.Start, sent, order) : null;
            return start is { } from ? from <= end.PlusDays(LongestBridge) : null;
        }
    }

    private static LocalDate? StartBefore(LocalDate end, int day)
    {
        var month = day <= end.Day ? end : end.PlusMonths(-1);
        return Valid(month.Year, month.Month, day);
    }

    private static LocalDate? Resolve(DateMention mention, DateMeaning meaning, LocalDate? sent, DateOrder order)
    {
        if (mention.HasDay) return InFuture(WithMonth(mention, sent, order), sent);
        if (sent is not { } today) return null;
        if (mention.IsTomorrow) return today.PlusDays(1);
        if (mention.Week is { } week) return InFuture(OfWeek(today, week, mention.Weekday ?? (meaning == DateMeaning.UntilInclusive ? 7 : 1)), sent);
        if (mention.Weekday is not { } weekday) return null;
        var day = today.Next((IsoDayOfWeek)weekday);
        return mention.IsNextWeek && WeekYearRules.Iso.GetWeekOfWeekYear(day) == WeekYearRules.Iso.GetWeekOfWeekYear(today) ? day.PlusWeeks(1) : day;
    }

    private static LocalDate? WithMonth(DateMention mention, LocalDate? sent, DateOrder order)
    {
        if (mention.Open is { } open) return OfOpen(mention, open, sent, order);
        if (mention.Month is { } month) return Place(mention.Year, month, mention.Day!.Value, sent);
        return sent is { } today ? NextDayOfMonth(today, mention.Day!.Value) : null;
    }

    private static LocalDate? OfOpen(DateMention mention, (int First, int Second) open, LocalDate? sent, DateOrder order)
    {
        var dayFirst = Place(mention.Year, open.Second, open.First, sent);
        var monthFirst = Place(mention.Year, open.First, open.Second, sent);
        if (order == DateOrder.DayFirst || open.First == open.Second) return dayFirst;
        if (order == DateOrder.MonthFirst) return monthFirst;

        // A return lies ahead: where only one reading does, that one is meant.
        var (first, second) = (InFuture(dayFirst, sent), InFuture(monthFirst, sent));
        return first is null ? second : second is null ? first : null;
    }

    private static LocalDate? Place(int? year, int month, int day, LocalDate? sent)
    {
        if (year is { } stated) return Valid(stated, month, day);
        if (sent is not { } today || Valid(today.Year, month, day) is not { } thisYear) return null;
        if (Period.DaysBetween(thisYear, today) > LongestPast) return Valid(today.Year + 1, month, day);
        return Period.DaysBetween(today, thisYear) > LongestAhead ? null : thisYear;
    }

    private static LocalDate? NextDayOfMonth(LocalDate today, int day)
    {
        var month = day >= today.Day ? today : today.With(DateAdjusters.StartOfMonth).PlusMonths(1);
        return Valid(month.Year, month.Month, day);
    }

    private static LocalDate? OfWeek(LocalDate today, int week, int weekday)
    {
        var year = WeekYearRules.Iso.GetWeekYear(today);
        if (week < WeekYearRules.Iso.GetWeekOfWeekYear(today)) year++;
        return week > WeekYearRules.Iso.GetWeeksInWeekYear(year) ? null : WeekYearRules.Iso.GetLocalDate(year, week, (IsoDayOfWeek)weekday);
    }

    private static LocalDate? InFuture(LocalDate? day, LocalDate? sent) =>
        day is { } known && (sent is not { } today || (known >= today && known < today.PlusYears(FarthestYears))) ? day : null;

    private static LocalDate? Valid(int year, int month, int day) =>
        month is < 1 or > 12 || day < 1 || day > CalendarSystem.Iso.GetDaysInMonth(year, month) ? null : new LocalDate(year, month, day);

    private static string Domain(IncomingMail mail)
    {
        var from = mail.AddressesIn("From").FirstOrDefault() ?? "";
        return from[(from.LastIndexOf('@') + 1)..].ToLowerInvariant();
    }
}
