using System.Globalization;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>Finds every day that a folded text names, in the order of the text.</summary>
internal static class DateScanner
{
    private const int MostMentions = 60;
    private const int WidestJoint = 9;

    public static List<DateMention> Scan(string text)
    {
        var found = new List<DateMention>();
        NamedMonths.Find(text, found);
        NumericDates.Find(text, found);
        Weeks(text, found);
        foreach (var hit in DateWords.Weekdays.FindAll(text))
        {
            if (!IsFrenchMy(text, hit)) found.Add(Weekday(text, hit));
        }

        foreach (var hit in DateWords.Tomorrow.FindAll(text)) found.Add(new DateMention(hit.Index, hit.End) { IsTomorrow = true });
        return Joined(WithoutOverlap(found), text);
    }

    private static void Weeks(string text, List<DateMention> found)
    {
        foreach (var hit in DateWords.WeekNumber.FindAll(text))
        {
            var at = hit.Length == 1 ? hit.End : Skip(text, hit.End, ' ');
            if (WeekAt(text, at) is not { } first) continue;
            if (text[hit.Index] == '\u7b2c' && (first.End >= text.Length || text[first.End] is not ('\u5468' or '\u9031'))) continue;
            var last = LastWeek(text, first.End);
            found.Add(last is { } end
                ? new DateMention(hit.Index, end.End) { Week = end.Week, SpanStart = first.Week }
                : new DateMention(hit.Index, first.End) { Week = first.Week });
        }
    }

    private static (int Week, int End)? WeekAt(string text, int at)
    {
        var digits = Digits(text, at, 2);
        if (digits == 0 || !int.TryParse(text.AsSpan(at, digits), CultureInfo.InvariantCulture, out var week) || week is < 1 or > 53) return null;
        var end = at + digits;
        return end < text.Length && (char.IsDigit(text[end]) || text[end] is ':' or '/' or '%') ? null : (week, end);
    }

    /// <summary>"week 30 to 32", "v. 28-31", "w32-w33", "uge 29 og 30".</summary>
    private static (int Week, int End)? LastWeek(string text, int from)
    {
        if (DateWords.WeekJoint.Find(text.AsSpan(0, Math.Min(text.Length, from + WidestJoint + 4)), from) is not { } joint || text.AsSpan(from, joint.Index - from).Trim().Length > 0) return null;
        var at = Skip(text, joint.End, ' ');
        if (DateWords.WeekNumber.Find(text, at) is { } named && named.Index == at) at = Skip(text, named.End, ' ');
        return WeekAt(text, at);
    }

    /// <summary>"Mon retour": only before a number or a stop is it short for Monday.</summary>
    private static bool IsFrenchMy(string text, PhraseHit hit) =>
        text.AsSpan(hit.Index, hit.Length) is "mon" && hit.End + 1 < text.Length && text[hit.End] == ' ' && char.IsLetter(text[hit.End + 1]);

    private static DateMention Weekday(string text, PhraseHit hit)
    {
        var next = text.AsSpan(0, hit.Index).EndsWith("\u4e0b") || text.AsSpan(0, hit.Index).EndsWith("\u4e0b\u4e2a") || text.AsSpan(0, hit.Index).EndsWith("\u4e0b\u500b");
        var from = Math.Max(0, hit.Index - 24);
        var around = text.AsSpan(from, Math.Min(text.Length, hit.End + 28) - from);
        if (DateWords.NextWeek.Find(around, 0) is { } week) next |= week.Index + from >= hit.End ? week.Index + from - hit.End <= 6 : hit.Index - (week.End + from) <= 6;
        var weekday = DateWords.Weekday(text.AsSpan(hit.Index, hit.Length));
        return NumericDates.DayBehind(text, hit.End) is { } day
            ? new DateMention(hit.Index, day.End) { Weekday = weekday, Day = day.Number }
            : new DateMention(hit.Index, hit.End) { Weekday = weekday, IsNextWeek = next };
    }

    private static List<DateMention> WithoutOverlap(List<DateMention> found)
    {
        var kept = new List<DateMention>();
        foreach (var mention in found.OrderBy(mention => mention.Start).ThenByDescending(mention => mention.End))
        {
            if (kept.Count >= MostMentions) break;
            if (kept.Count == 0 || mention.Start >= kept[^1].End) kept.Add(mention);
        }

        return kept;
    }

    /// <summary>"Monday, 6 January" and "Monday in week 33" are one mention.</summary>
    private static List<DateMention> Joined(List<DateMention> mentions, string text)
    {
        var joined = new List<DateMention>();
        foreach (var mention in mentions)
        {
            if (joined.Count > 0 && Joins(joined[^1], mention, text)) joined[^1] = Join(joined[^1], mention);
            else joined.Add(mention);
        }

        return joined;
    }

    private static bool Joins(DateMention left, DateMention right, string text)
    {
        var gap = text.AsSpan(left.End, right.Start - left.End);
        if (gap.Length > WidestJoint || gap.Contains('\n')) return false;
        var trimmed = gap.Trim(" ,.()");
        if (trimmed is "-" or "to" or "and" or "bis" or "till" or "til" or "do" or "tot" or "au" or "al" or "a" or "und" or "et" or "y" or "e") return false;
        return (left.IsOnlyWeekday && (right.HasDay || right.Week is not null)) || (right.IsOnlyWeekday && (left.Week is not null || (left.HasDay && trimmed.Length == 0)));
    }

    private static DateMention Join(DateMention left, DateMention right)
    {
        var (day, weekday) = left.IsOnlyWeekday ? (right, left) : (left, right);
        return day with { Start = left.Start, End = right.End, Weekday = weekday.Weekday };
    }

    public static int Skip(string text, int at, char what)
    {
        while (at < text.Length && text[at] == what) at++;
        return at;
    }

    public static int Digits(string text, int at, int most)
    {
        var count = 0;
        while (count < most && at + count < text.Length && char.IsAsciiDigit(text[at + count])) count++;
        return count;
    }
}
