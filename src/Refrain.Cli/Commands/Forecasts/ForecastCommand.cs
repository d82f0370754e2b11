using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Http.Json;
using Refrain.Contracts;
using Spectre.Console;

namespace Refrain.Cli.Commands.Forecasts;

/// <summary><c>refrain forecast SEQUENCE</c>: what will go out, day by day, before anything is sent.</summary>
internal static class ForecastCommand
{
    private static readonly Argument<string> Sequence = new("sequence") { Description = "The id of a sequence." };
    private static readonly Option<int> Contacts = Count("--contacts", "Enroll so many contacts anew, beside those who wait already.");
    private static readonly Option<int?> DailyCap = Cap("--daily-cap", "As if this were the daily limit of the mailbox and of its user.");
    private static readonly Option<int?> HourlyCap = Cap("--hourly-cap", "As if this were the hourly limit of the mailbox.");
    private static readonly Option<string?> Mailbox = new("--mailbox") { Description = "The id of the mailbox of those who are enrolled anew. Default: your first healthy one." };

    private static readonly Option<DateOnly?> Start = new("--start")
    {
        Description = "The day on which they are enrolled, like 2027-01-04. Default: now.",
        CustomParser = Day,
    };

    public static Command Create()
    {
        var json = Printed.Json();
        var command = new Command("forecast", "Say what will go out each day, and when the last contact finishes. Sends nothing. Asks the server at REFRAIN_URL with REFRAIN_KEY.")
        {
            Sequence, Contacts, Start, DailyCap, HourlyCap, Mailbox, json,
        };
        command.SetAction((parsed, cancel) => ApiConnection.UseAsync("forecast", server => RunAsync(server, parsed, parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(ApiConnection server, ParseResult parsed, bool json, CancellationToken cancel)
    {
        var request = new ForecastRequest(
            parsed.GetValue(Contacts), parsed.GetValue(Start), parsed.GetValue(DailyCap), parsed.GetValue(HourlyCap), parsed.GetValue(Mailbox));
        using var content = JsonContent.Create(request, options: WireJson.Options);
        var forecast = await server.PostAsync<Forecast>($"sequences/{Uri.EscapeDataString(parsed.GetValue(Sequence)!)}/forecast", content, cancel);
        if (json) Printed.Line(forecast);
        else ForecastChart.Draw(AnsiConsole.Console, forecast);
        return RootCommandFactory.Done;
    }

    private static Option<int> Count(string name, string description)
    {
        var option = new Option<int>(name) { Description = description };
        option.Validators.Add(result => NotBelow(result, 0));
        return option;
    }

    private static Option<int?> Cap(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result => NotBelow(result, 1));
        return option;
    }

    private static void NotBelow(OptionResult result, int least)
    {
        if (result.Tokens is [var token, ..] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && value < least)
            result.AddError($"{result.Option.Name} is {value}; it is at least {least}.");
    }

    private static DateOnly? Day(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        result.AddError($"--start is \"{text}\"; write a day like 2027-01-04.");
        return null;
    }
}
