using System.Globalization;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>The names of months and weekdays in eighteen languages, from <c>Phrases/dates.txt</c>.</summary>
internal static class DateWords
{
    private static readonly PhraseFile File = PhraseFile.Read("dates");
    private static readonly Dictionary<string, int> MonthNumbers = Numbers("month", 12);
    private static readonly Dictionary<string, int> WeekdayNumbers = Numbers("weekday", 7);

    public static PhraseSet Months { get; } = new(MonthNumbers.Keys);

    public static PhraseSet Weekdays { get; } = new(WeekdayNumbers.Keys);

    public static PhraseSet Tomorrow { get; } = new(File["tomorrow"]);

    public static PhraseSet NextWeek { get; } = new(File["next week"]);

    public static PhraseSet WeekNumber { get; } = new(File["week number"]);

    public static PhraseSet WeekJoint { get; } = new(File["between two weeks"]);

    public static IReadOnlyList<string> Articles { get; } = [.. File["day of the month after"].OrderByDescending(word => word.Length)];

    public static int Month(ReadOnlySpan<char> name) => MonthNumbers.GetAlternateLookup<ReadOnlySpan<char>>()[name];

    public static int Weekday(ReadOnlySpan<char> name) => WeekdayNumbers.GetAlternateLookup<ReadOnlySpan<char>>()[name];

    private static Dictionary<string, int> Numbers(string section, int count)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var number = 1; number <= count; number++)
        {
            foreach (var line in File[section + " " + number.ToString(CultureInfo.InvariantCulture)])
            {
                foreach (var name in line.Split(' ')) numbers.TryAdd(name, number);
            }
        }

        return numbers;
    }
}
