using System.Globalization;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>"6 January 2025", "January 6th", "le 1er mars", "2 de septiembre": a month by name beside the number of a day.</summary>
internal static class NamedMonths
{
    private static readonly string[] Ordinals = ["st", "nd", "rd", "th", "er", "ème", "eme", "e", "de", "ste", ":e", ":a", "º", "ª", "°", "o", "-го", "го", "-е", "."];
    private static readonly string[] Links = ["of ", "de ", "di ", "do ", "d'", "den "];

    public static void Find(string text, List<DateMention> found)
    {
        foreach (var hit in DateWords.Months.FindAll(text))
        {
            var month = DateWords.Month(text.AsSpan(hit.Index, hit.Length));
            if (DayBefore(text, hit) is { } before)
            {
                var (end, year) = YearAfter(text, hit.End);
                found.Add(new DateMention(before.Start, end) { Day = before.Day, Month = month, Year = year, SpanStart = SpanEnds.StartOf(text, before.Start) });
            }
            else if (DayAfter(text, hit.End) is { } after)
            {
                var (end, year) = YearAfter(text, after.End);
                found.Add(new DateMention(hit.Index, end) { Day = after.Day, Month = month, Year = year, SpanStart = after.SpanStart });
            }
        }
    }

    private static (int Start, int Day)? DayBefore(string text, PhraseHit hit)
    {
        var at = Back(text, hit.Index);
        foreach (var link in Links)
        {
            if (!text.AsSpan(0, at == hit.Index ? at : at + 1).EndsWith(link)) continue;
            at = Back(text, (at == hit.Index ? at : at + 1) - link.Length);
            break;
        }

        foreach (var ordinal in Ordinals)
        {
            if (!text.AsSpan(0, at).EndsWith(ordinal) || at - ordinal.Length < 1) continue;
            var digit = Back(text, at - ordinal.Length);
            if (digit < 1 || !char.IsAsciiDigit(text[digit - 1])) continue;
            at = digit;
            break;
        }

        var end = at;
        while (at > 0 && end - at < 3 && char.IsAsciiDigit(text[at - 1])) at--;
        return end - at is 1 or 2 && IsDay(text.AsSpan(at, end - at), out var day) && (at == 0 || text[at - 1] is not ('.' or '/' or ':' or ',') || at < 2 || !char.IsDigit(text[at - 2])) ? (at, day) : null;
    }

    private static (int End, int Day, int? SpanStart)? DayAfter(string text, int from)
    {
        var at = from;
        if (at < text.Length && text[at] == '.') at++;
        at = DateScanner.Skip(text, at, ' ');
        if (text.AsSpan(at).StartsWith("the ")) at += 4;
        var digits = DateScanner.Digits(text, at, 3);
        if (digits is 0 or > 2 || !IsDay(text.AsSpan(at, digits), out var day)) return null;
        var end = at + digits;
        if (end < text.Length && text[end] is ':' or '%') return null;
        end = AfterOrdinal(text, end);

        // "March 3-7", "March 3rd to 7th".
        var next = DateScanner.Skip(text, end, ' ');
        if (next < text.Length && text[next] is '-' or '~')
        {
            next = DateScanner.Skip(text, next + 1, ' ');
            var more = DateScanner.Digits(text, next, 3);
            if (more is 1 or 2 && IsDay(text.AsSpan(next, more), out var last) && (next + more == text.Length || text[next + more] is not (':' or '/' or '.'))) return (AfterOrdinal(text, next + more), last, day);
        }

        return (end, day, null);
    }

    private static int AfterOrdinal(string text, int at)
    {
        foreach (var ordinal in (ReadOnlySpan<string>)["st", "nd", "rd", "th", ":e", ":a"])
        {
            if (text.AsSpan(at).StartsWith(ordinal) && (at + ordinal.Length == text.Length || !char.IsLetter(text[at + ordinal.Length]))) return at + ordinal.Length;
        }

        return at;
    }

    private static (int End, int? Year) YearAfter(string text, int from)
    {
        var at = from;
        while (at < text.Length && at - from < 3 && text[at] is ' ' or ',' or '.' or '\'') at++;
        foreach (var link in (ReadOnlySpan<string>)["de ", "del ", "of "])
        {
            if (text.AsSpan(at).StartsWith(link)) at += link.Length;
        }

        var digits = DateScanner.Digits(text, at, 5);
        if (digits != 4 || !int.TryParse(text.AsSpan(at, 4), CultureInfo.InvariantCulture, out var year) || year is < 1990 or > 2150) return (from, null);
        return (at + 4, year);
    }

    public static bool IsDay(ReadOnlySpan<char> digits, out int day) => int.TryParse(digits, CultureInfo.InvariantCulture, out day) && day is >= 1 and <= 31;

    // "6 January" and "6-January", but not the end of one span and the start of the next: "4 - August".
    private static int Back(string text, int at)
    {
        if (at > 0 && text[at - 1] == '-') return at - 1;
        while (at > 0 && text[at - 1] == ' ') at--;
        return at;
    }
}
