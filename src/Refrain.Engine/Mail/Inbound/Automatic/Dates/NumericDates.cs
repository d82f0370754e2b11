using System.Globalization;

namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>2025-03-17, 17.3.2025, 3/17, 3月17日, 3월 17일, and "the 3rd".</summary>
internal static class NumericDates
{
    private static readonly string[] OrdinalMarks = ["st", "nd", "rd", "th", ":e", ":a", "er", "e", "º", "."];

    public static void Find(string text, List<DateMention> found)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsAsciiDigit(text[at])) continue;
            var digits = DateScanner.Digits(text, at, 10);
            var mention = at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '@' or '+' or '#' or '\u20ac' or '$' or '_') ? null
                : digits == 4 ? YearFirst(text, at) : digits == 3 ? RepublicYear(text, at) : digits <= 2 ? Eastern(text, at, at, null) ?? Western(text, at, digits) ?? Alone(text, at, digits) : null;
            if (mention is null)
            {
                at += digits - 1;
                continue;
            }

            found.Add(mention);
            at = mention.End - 1;
        }
    }

    private static DateMention? YearFirst(string text, int at)
    {
        var year = Number(text, at, 4);
        if (year is < 1990 or > 2150) return null;
        var next = at + 4;
        if (next < text.Length && text[next] is '\u5e74' or '\ub144') return Eastern(text, at, DateScanner.Skip(text, next + 1, ' '), year);
        if (next >= text.Length || text[next] is not ('-' or '/' or '.')) return null;
        var separator = text[next];
        var monthAt = DateScanner.Skip(text, next + 1, ' ');
        var monthDigits = DateScanner.Digits(text, monthAt, 2);
        var dayAt = monthAt + monthDigits;
        if (monthDigits == 0 || dayAt >= text.Length || text[dayAt] != separator) return null;
        dayAt = DateScanner.Skip(text, dayAt + 1, ' ');
        var dayDigits = DateScanner.Digits(text, dayAt, 2);
        return dayDigits == 0 ? null : Known(at, dayAt + dayDigits, year, Number(text, monthAt, monthDigits), Number(text, dayAt, dayDigits), text);
    }

    /// <summary>114年8月15日: Taiwan counts the years from 1912.</summary>
    private static DateMention? RepublicYear(string text, int at) =>
        at + 3 < text.Length && text[at + 3] == '\u5e74' && Number(text, at, 3) is > 100 and < 200 and var year ? Eastern(text, at, at + 4, year + 1911) : null;

    /// <summary>[2025年]3月17日, 3월 17일.</summary>
    private static DateMention? Eastern(string text, int start, int monthAt, int? year)
    {
        var monthDigits = DateScanner.Digits(text, monthAt, 3);
        var mark = monthAt + monthDigits;
        if (monthDigits is 0 or > 2 || mark >= text.Length || text[mark] is not ('\u6708' or '\uc6d4')) return null;
        var dayAt = DateScanner.Skip(text, mark + 1, ' ');
        var dayDigits = DateScanner.Digits(text, dayAt, 3);
        var end = dayAt + dayDigits;
        if (dayDigits is 0 or > 2 || end >= text.Length || text[end] is not ('\u65e5' or '\u53f7' or '\u865f' or '\uc77c')) return null;
        return Known(start, end + 1, year, Number(text, monthAt, monthDigits), Number(text, dayAt, dayDigits), text);
    }

    private static DateMention? Western(string text, int at, int digits)
    {
        var separatorAt = at + digits;
        if (separatorAt >= text.Length || text[separatorAt] is not ('.' or '/' or '-')) return null;
        var separator = text[separatorAt];
        var secondAt = separator == '.' ? DateScanner.Skip(text, separatorAt + 1, ' ') : separatorAt + 1;
        var secondDigits = DateScanner.Digits(text, secondAt, 3);
        if (secondDigits is 0 or > 2) return null;
        var end = secondAt + secondDigits;
        var (first, second) = (Number(text, at, digits), Number(text, secondAt, secondDigits));
        int? year = null;
        if (end < text.Length && text[end] == separator)
        {
            var yearAt = separator == '.' ? DateScanner.Skip(text, end + 1, ' ') : end + 1;
            var yearDigits = DateScanner.Digits(text, yearAt, 5);
            if (yearDigits is 4 or 2 && (yearDigits == 4 || (yearAt == end + 1 && !FollowedBySeparator(text, yearAt + 2))))
            {
                year = Number(text, yearAt, yearDigits) + (yearDigits == 2 ? 2000 : 0);
                end = yearAt + yearDigits;
            }
            else if (separator == '.')
            {
                end++;
            }
        }

        if (year is null && (separator == '-' || (secondAt > separatorAt + 1 && text[end - 1] != '.'))) return null;
        if (year is < 1990 or > 2150 || first is 0 || second is 0 || (end < text.Length && (text[end] is ':' or '%' || char.IsAsciiDigit(text[end])))) return null;
        if (separator == '.') return Known(at, end, year, second, first, text);
        return (first > 12, second > 12) switch
        {
            (true, true) => null,
            (true, false) => Known(at, end, year, second, first, text) is { } known ? known with { Order = DateOrder.DayFirst } : null,
            (false, true) => Known(at, end, year, first, second, text) is { } known ? known with { Order = DateOrder.MonthFirst } : null,
            (false, false) => new DateMention(at, end) { Year = year, Open = (first, second), SpanStart = SpanEnds.StartOf(text, at) },
        };
    }

    private static bool FollowedBySeparator(string text, int at) => at < text.Length && (text[at] is '/' or '-' || char.IsAsciiDigit(text[at]));

    /// <summary>A day without a month: "on the 3rd", "am 15.", "le 15", "17日", "17일".</summary>
    private static DateMention? Alone(string text, int at, int digits)
    {
        if (!NamedMonths.IsDay(text.AsSpan(at, digits), out var day)) return null;
        var end = at + digits;
        if (end < text.Length && text[end] is '\u65e5' or '\uc77c' && (end + 1 == text.Length || text[end + 1] is not ('\u9593' or '\u95f4' or '\uac04'))) return new DateMention(at, end + 1) { Day = day };
        var before = text.AsSpan(Math.Max(0, at - 8), Math.Min(8, at));
        foreach (var article in DateWords.Articles)
        {
            if (!before.EndsWith(article + " ") || (before.Length > article.Length + 1 && char.IsLetter(before[^(article.Length + 2)]))) continue;
            foreach (var mark in OrdinalMarks)
            {
                if (text.AsSpan(end).StartsWith(mark) && EndsThere(text, end + mark.Length)) return new DateMention(at, end + mark.Length) { Day = day };
            }

            return article is "le" or "el" or "il" or "dia" or "al" or "au" && EndsThere(text, end) && (end == text.Length || text[end] != ' ') ? new DateMention(at, end) { Day = day } : null;
        }

        return null;
    }

    /// <summary>"Monday 26.", "Tuesday 22nd": a day of the month behind the name of a weekday, and nothing more.</summary>
    public static (int Number, int End)? DayBehind(string text, int from)
    {
        var at = DateScanner.Skip(text, from, ' ');
        var digits = DateScanner.Digits(text, at, 3);
        if (at == from || digits is 0 or > 2 || !NamedMonths.IsDay(text.AsSpan(at, digits), out var day)) return null;
        var end = at + digits;
        foreach (var mark in OrdinalMarks)
        {
            if (mark != "." && text.AsSpan(end).StartsWith(mark) && (end + mark.Length == text.Length || !char.IsLetterOrDigit(text[end + mark.Length]))) return IsLast(text, end + mark.Length) ? (day, end + mark.Length) : null;
        }

        return IsLast(text, end) && (end == text.Length || text[end] != ' ') ? (day, end) : null;
    }

    private static bool IsLast(string text, int at) =>
        at >= text.Length || text[at] is ',' or '\n' or ')' or ';' or '!' or ' ' || (text[at] == '.' && (at + 1 == text.Length || text[at + 1] is ' ' or '\n') && !(at + 2 < text.Length && (char.IsDigit(text[at + 2]) || DateWords.Months.Find(text, at + 1) is { } month && month.Index <= at + 2)));

    // What follows must not make it "the 3rd floor" or "le 15 rue …".
    private static bool EndsThere(string text, int at) => at >= text.Length || text[at] is '.' or ',' or '\n' or ')' or ';' or '!' || (text[at] == ' ' && text[at - 1] is not ('e' or '.'));

    private static DateMention? Known(int start, int end, int? year, int month, int day, string text) =>
        month is >= 1 and <= 12 && day is >= 1 and <= 31 ? new DateMention(start, end) { Year = year, Month = month, Day = day, SpanStart = SpanEnds.StartOf(text, start) } : null;

    private static int Number(string text, int at, int digits) => int.Parse(text.AsSpan(at, digits), CultureInfo.InvariantCulture);
}
