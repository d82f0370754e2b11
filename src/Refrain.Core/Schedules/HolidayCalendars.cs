using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>
/// The embedded text: a line is a code, then either dates of every year ("DE 0101 0501") or a year and its other dates
/// ("DE 24 0329 0401"). A part's lines say what differs from the whole: "-0501" is taken away.
/// </summary>
internal sealed class HolidayCalendars
{
    private const int Century = 2000;
    private readonly FrozenDictionary<string, Lazy<FrozenSet<LocalDate>>> _calendars;

    private HolidayCalendars(int firstYear, int lastYear, ILookup<string, string> linesByCode)
    {
        Years = (firstYear, lastYear);
        _calendars = linesByCode.ToFrozenDictionary(
            lines => lines.Key,
            lines => new Lazy<FrozenSet<LocalDate>>(() => Load(lines.Key, lines)),
            StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyCollection<string> Codes => _calendars.Keys;

    public LocalDate LastCovered => new(Years.Last, 12, 31);

    private (int First, int Last) Years { get; }

    public bool Knows(string code) => _calendars.ContainsKey(code);

    public FrozenSet<LocalDate> Of(string code) => _calendars.TryGetValue(code, out var dates) ? dates.Value : [];

    public static HolidayCalendars Read()
    {
        const string name = "public-holidays.txt";
        using var resource = typeof(HolidayCalendars).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the assembly.");
        using var reader = new StreamReader(resource, Encoding.UTF8);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToList();
        var years = lines[0].Split(' ');
        return new HolidayCalendars(
            Number(years[1]),
            Number(years[2]),
            lines.Skip(1).ToLookup(line => line.Split(' ', 2)[0]));
    }

    private FrozenSet<LocalDate> Load(string code, IEnumerable<string> lines)
    {
        var dash = code.LastIndexOf('-');
        var dates = dash < 0 ? [] : new HashSet<LocalDate>(Of(code[..dash]));
        foreach (var line in lines)
        {
            var words = line.Split(' ').AsSpan(1);
            if (words is [{ Length: 2 } year, ..])
                Apply(words[1..], Century + Number(year), dates);
            else
            {
                for (var each = Years.First; each <= Years.Last; each++)
                    Apply(words, each, dates);
            }
        }
        return dates.ToFrozenSet();
    }

    private static void Apply(ReadOnlySpan<string> words, int year, HashSet<LocalDate> dates)
    {
        foreach (var word in words)
        {
            var monthAndDay = Number(word.TrimStart('-'));
            var date = new LocalDate(year, monthAndDay / 100, monthAndDay % 100);
            if (word[0] == '-')
                dates.Remove(date);
            else
                dates.Add(date);
        }
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
