using System.CommandLine;
using Refrain.Contracts;

namespace Refrain.Cli.Commands.Why;

/// <summary><c>refrain why ID</c>: why an enrollment has not gone on.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The id of an enrollment." };
        var json = Printed.Json();
        var command = new Command("why", "Say why an enrollment has not gone on: its state, every gate, and the predicted time. Asks the server at REFRAIN_URL with REFRAIN_KEY.") { id, json };
        command.SetAction((parsed, cancel) => ApiConnection.UseAsync("why", server => RunAsync(server, parsed.GetValue(id)!, parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(ApiConnection server, string id, bool json, CancellationToken cancel)
    {
        var why = await server.GetAsync<EnrollmentWhy>($"enrollments/{Uri.EscapeDataString(id)}/why", cancel);
        if (json) Printed.Line(why);
        else Tell(why);
        return RootCommandFactory.Done;
    }

    private static void Tell(EnrollmentWhy why)
    {
        Console.WriteLine($"{why.State}: {why.Sentence}");
        foreach (var gate in why.Gates)
            Console.WriteLine($"  {WireName.Of(gate.Verdict),-4}  {gate.Name,-16}  {gate.Why}{Span(gate)}".TrimEnd());
        if (why.PredictedAt is { } at) Console.WriteLine($"Predicted: {Printed.At(at)}");
    }

    private static string Span(Gate gate) => (gate.Since, gate.Until) switch
    {
        (null, null) => "",
        ({ } since, null) => $" (since {Printed.At(since)})",
        (null, { } until) => $" (until {Printed.At(until)})",
        ({ } since, { } until) => $" (since {Printed.At(since)}, until {Printed.At(until)})",
    };
}
