using System.Diagnostics;
using System.Text.Json;
using Refrain.Cli.Commands.Forecasts;
using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;
using Spectre.Console;

namespace Refrain.EndToEnd.Tests.Commands;

public sealed class ForecastCommandTests(Stages stages)
{
    private const string Mailbox = """
        {"name":"Ann","address":"forecast@ours.test",
         "smtp":{"host":"127.0.0.1","port":1,"security":"none","user":"a","password":"a"},"imap":{"host":"127.0.0.1","port":1,"security":"none","user":"a","password":"a"}}
        """;

    private const string Intro = """{"name":"Forecast","settings":{"useContactTimeZone":false},"steps":[{"kind":"email","subject":"Hello","text":"Hello"}]}""";

    [Theory]
    [OnEveryDatabase]
    public async Task a_forecast_is_drawn_or_printed_as_json(DatabaseKind kind)
    {
        var (database, server, client) = await stages.OnAsync(kind);
        var mailbox = (await client.PostAsync<JsonElement>("mailboxes", JsonSerializer.Deserialize<JsonElement>(Mailbox))).GetProperty("id").GetString()!;
        var sequence = (await client.PostAsync<SequenceSaved>("sequences", JsonSerializer.Deserialize<JsonElement>(Intro))).Id;
        var start = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(7);
        string[] asked = ["forecast", sequence, "--contacts", "25", "--daily-cap", "10", "--start", $"{start:yyyy-MM-dd}", "--mailbox", mailbox];

        var (code, drawn, errors) = await RunAsync(database, server, client, asked);
        code.ShouldBe(0, errors);
        drawn.ShouldContain($"{start:yyyy-MM-dd}");
        drawn.ShouldContain("25 emails; the last goes");

        var json = await RunAsync(database, server, client, [.. asked, "--json"]);
        var forecast = JsonSerializer.Deserialize<Forecast>(json.Printed, WireJson.Options)!;
        forecast.Days.Select(day => (day.Sent, day.Waiting)).ShouldBe([(10, 15), (10, 5), (5, 0)]);
    }

    [Fact]
    public async Task exit_codes_tell_wrong_usage_from_refusal()
    {
        var (database, server, client) = await stages.OnAsync(DatabaseKind.Sqlite);
        (await RunAsync(database, server, client, ["forecast", "nothing"])).Code.ShouldBe(1);
        var (code, _, errors) = await RunAsync(database, server, client, ["forecast", "nothing", "--start", "tomorrow"]);
        code.ShouldBe(2);
        errors.ShouldContain("--start");
        (await RunAsync(database, server, client, ["forecast", "nothing", "--daily-cap", "0"])).Code.ShouldBe(2);
        (await RunAsync(database, server, client, ["forecast"])).Code.ShouldBe(2);
        (await RunAsync(database, server, null, ["forecast", "nothing"])).Code.ShouldBe(2);
    }

    [Fact]
    public void days_are_bars_and_long_forecasts_go_by_the_week()
    {
        var monday = new DateOnly(2027, 1, 4);
        Draw(new([new(monday, 40, 60), new(monday.AddDays(1), 1, 0)], null, null, [])).ShouldContain(
            """
            Mon 2027-01-04   40 ████████████████████████████████████      60
            Tue 2027-01-05    1 █                                          0
            """.ReplaceLineEndings("\n"));
        var year = Draw(new([.. Enumerable.Range(0, 364).Select(day => new ForecastDay(monday.AddDays(day), 10, 5))], null, null, []));
        year.ShouldContain("Mon 2027-01-11   70");
        year.Split('\n').Length.ShouldBeLessThan(60);
        Draw(new([], null, null, [new("never_opens", "No sending window ever opens.", 1, 3)])).ShouldContain("Never finishes: No sending window ever opens.");
    }

    private static string Draw(Forecast forecast)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 80;
        ForecastChart.Draw(console, forecast);
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()));
    }

    private static async Task<(int Code, string Printed, string Errors)> RunAsync(FreshDatabase database, RefrainProcess server, RefrainClient? client, string[] arguments)
    {
        (string, string)[] environment = client is null ? [("REFRAIN_URL", server.Url.ToString())] : [("REFRAIN_URL", server.Url.ToString()), ("REFRAIN_KEY", client.Key)];
        using var process = Process.Start(Programs.Start(Builds.Cli, database, environment, arguments))!;
        var (printed, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await printed, await errors);
    }
}
