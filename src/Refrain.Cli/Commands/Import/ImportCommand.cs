using System.CommandLine;
using System.Net.Http.Headers;
using Refrain.Contracts;

namespace Refrain.Cli.Commands.Import;

/// <summary><c>refrain import CSV</c>: contacts from a file.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("csv") { Description = "A CSV file with a header; the column email is needed, columns that are not known become fields." };
        file.AcceptExistingOnly();
        var existing = new Option<string>("--existing") { Description = "What to do with an address that is known: update it, or skip it.", DefaultValueFactory = _ => "update" };
        existing.AcceptOnlyFromAmong("update", "skip");
        var json = Printed.Json();
        var command = new Command("import", "Import contacts. Wrong rows are named and left out; then the exit code is 1. Sends to REFRAIN_URL with REFRAIN_KEY.") { file, existing, json };
        command.SetAction((parsed, cancel) => ApiConnection.UseAsync(
            "import", server => RunAsync(server, parsed.GetValue(file)!, parsed.GetValue(existing)!, parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(ApiConnection server, FileInfo file, string existing, bool json, CancellationToken cancel)
    {
        await using var stream = file.OpenRead();
        using var content = new StreamContent(stream);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        var result = await server.PostAsync<ImportResult>($"contacts/import?onExisting={existing}", content, cancel);
        if (json) Printed.Line(result);
        else Tell(result);
        return result.Refused == 0 ? RootCommandFactory.Done : RootCommandFactory.Failed;
    }

    private static void Tell(ImportResult result)
    {
        foreach (var error in result.Errors) Console.Error.WriteLine($"row {error.Row}, {error.Field}: {error.Message}");
        if (result.Refused > result.Errors.Count) Console.Error.WriteLine($"… and {result.Refused - result.Errors.Count} more");
        Console.WriteLine($"{result.Created} created, {result.Updated} updated, {result.Refused} refused");
    }
}
