using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Refrain.Core.Schedules;

namespace Refrain.Core.Tests.Schedules;

/// <summary>Schedules and instants written as people write them: "mon tue 09:00-17:00; fri 22:00-02:00".</summary>
internal static class ScheduleText
{
    private static readonly string[] DayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static DateTimeZone Zone(string name) => DateTimeZoneProviders.Tzdb[name];

    public static Instant At(string utc) => OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss;FFFo<Z+HH:mm>")
        .Parse(utc.Length == 17 ? utc.Insert(16, ":00") : utc).GetValueOrThrow().ToInstant();

    public static string Text(Instant? at) => at?.ToString("uuuu-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture) ?? "never";

    public static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text).GetValueOrThrow();

    public static LocalTime Time(string text) => LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(text).GetValueOrThrow();

    public static SendWindow[] Windows(string text) => [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Window)];

    public static Schedule Schedule(
        string zone, string windows = "", bool weekdaysOnly = false, string[]? holidays = null, string? endsOn = null, string endZone = "UTC") =>
        new(Zone(zone), Windows(windows), weekdaysOnly, holidays ?? [], endsOn is null ? null : Date(endsOn), Zone(endZone));

    private static SendWindow Window(string text)
    {
        var words = text.Split(' ');
        var hours = words[^1].Split('-');
        var days = words[0] == "daily" ? DayNames : words[..^1];
        return new(days.Select(day => (IsoDayOfWeek)(Array.IndexOf(DayNames, day) + 1)).ToHashSet(), Time(hours[0]), Time(hours[1]));
    }
}
