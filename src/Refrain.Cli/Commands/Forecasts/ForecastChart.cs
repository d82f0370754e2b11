using System.Globalization;
using Refrain.Contracts;
using Spectre.Console;

namespace Refrain.Cli.Commands.Forecasts;

/// <summary>A forecast as bars, a line a day; long forecasts by the week, so that they still fit on a screen or two.</summary>
internal static class ForecastChart
{
    private const int MostLines = 62;
    private const int LeastWidth = 10;
    private const int Beside = 44;

    public static void Draw(IAnsiConsole console, Forecast forecast)
    {
        var lines = Lines(forecast.Days);
        var width = Math.Clamp(console.Profile.Width - Beside, LeastWidth, 60);
        var most = lines.Count == 0 ? 0 : lines.Max(line => line.Sent);
        var table = new Table().Border(TableBorder.None).AddColumn(forecast.Days.Count > MostLines ? "Week of" : "Day")
            .AddColumn(new TableColumn("Sent").RightAligned()).AddColumn("").AddColumn(new TableColumn("Waiting").RightAligned());
        foreach (var line in lines)
            table.AddRow(new Text(Name(line.Day)), new Text(Number(line.Sent)), new Text(Bar(line.Sent, most, width), Color.Green), new Text(Number(line.Waiting), Color.Grey));
        if (lines.Count > 0) console.Write(table);
        else console.WriteLine("Nothing is sent.");
        Tell(console, forecast);
    }

    private static void Tell(IAnsiConsole console, Forecast forecast)
    {
        if (forecast.LastSendAt is { } last) console.WriteLine($"{Number(forecast.Days.Sum(day => day.Sent))} emails; the last goes {Printed.At(last)}.");
        if (forecast.FinishedAt is { } finished) console.WriteLine($"The last contact finishes {Printed.At(finished)}.");
        foreach (var obstacle in forecast.Obstacles) console.Write(new Text($"Never finishes: {obstacle.Message}\n", Color.Red));
    }

    private static List<ForecastDay> Lines(IReadOnlyList<ForecastDay> days) => days.Count <= MostLines ? [.. days]
        : [.. days.GroupBy(day => Monday(day.Day)).Select(week => new ForecastDay(week.Key, week.Sum(day => day.Sent), week.Last().Waiting))];

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    // Whatever is sent shows, however little it is beside the rest.
    private static string Bar(int sent, int most, int width) => sent == 0 ? "" : new('█', Math.Max(1, (int)((long)sent * width / most)));

    private static string Name(DateOnly day) => day.ToString("ddd yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
