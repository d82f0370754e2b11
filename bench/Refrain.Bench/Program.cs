using System.Globalization;
using Refrain.Bench.Forecasts;
using Refrain.Bench.Reading;
using Refrain.Bench.Waiting;
using Refrain.Testing;

// bench waiting [sqlite|postgres] [MANY]    what a turn costs beside 10,000 and beside MANY (1,000,000) that wait
// bench forecast                            100,000 contacts through five steps on a virtual clock
// bench reading                             messages a second and memory of classify
// Exit codes: 0 within the limits, 1 beyond one, 2 wrong usage.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["forecast"]:
        return ForecastBench.Run();
    case ["reading"]:
        return ReadingBench.Run();
    case ["waiting", .. var rest] when Kinds(rest) is { } kinds && Many(rest) is { } many:
        var within = true;
        foreach (var kind in kinds)
            within &= await WaitingBench.RunAsync(kind, many);
        return within ? 0 : 1;
    default:
        await Console.Error.WriteLineAsync("usage: bench waiting [sqlite|postgres] [MANY] | bench forecast | bench reading");
        return 2;
}

static DatabaseKind[]? Kinds(string[] rest) => rest switch
{
    [] => Enum.GetValues<DatabaseKind>(),
    [var name, ..] when Enum.TryParse<DatabaseKind>(name, ignoreCase: true, out var kind) => [kind],
    _ => null,
};

static int? Many(string[] rest) => rest.Length < 2 ? 1_000_000 : int.TryParse(rest[1], CultureInfo.InvariantCulture, out var many) && many > 0 ? many : null;
