using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>Whether a day is the last of a span whose first day is a mere number: "22 to 26 August", "du 5 au 16 août".</summary>
internal static class SpanEnds
{
    private const int Widest = 24;
    private static readonly string[] Ordinals = ["st", "nd", "rd", "th", "er", "ste", "de", "e", ":e", ":a", "º", "ª", "."];
    private static readonly PhraseSet Connectors = new(DateCues.File["range between two dates"]);

    /// <summary>The number of the first day, or null where no span ends here.</summary>
    public static int? StartOf(string text, int start)
    {
        var from = Math.Max(0, start - Widest);
        var before = text.AsSpan(from, start - from);
        var number = before.LastIndexOfAnyInRange('0', '9');
        if (number < 0) return null;
        var rest = WithoutWeekday(before[(number + 1)..]);
        if (!IsConnector(WithoutOrdinal(rest).Trim()) && !IsConnector(rest.Trim())) return null;
        var digits = number > 0 && char.IsAsciiDigit(before[number - 1]) ? before[(number - 1)..(number + 1)] : before[number..(number + 1)];
        return NamedMonths.IsDay(digits, out var day) ? day : 1;
    }

    private static ReadOnlySpan<char> WithoutOrdinal(ReadOnlySpan<char> behind)
    {
        foreach (var mark in Ordinals)
        {
            if (behind.StartsWith(mark) && (behind.Length == mark.Length || !char.IsLetter(behind[mark.Length]))) return behind[mark.Length..].TrimStart('.');
        }

        return behind;
    }

    /// <summary>"4 - Friday 8 August": the day of the week belongs to the last day.</summary>
    private static ReadOnlySpan<char> WithoutWeekday(ReadOnlySpan<char> between) =>
        DateWords.Weekdays.FindAll(between) is [.., var last] && between[last.End..].Trim(" ,.").Length == 0 ? between[..last.Index] : between;

    public static bool IsConnector(ReadOnlySpan<char> between) => Connectors.Find(between, 0) is { Index: 0 } hit && hit.Length == between.Length;
}
