using System.CommandLine;
using Refrain.Engine.Access;
using Refrain.Engine.Storage;

namespace Refrain.Cli.Commands.Keys;

/// <summary><c>refrain key revoke ID</c>: from here on the key lets nobody in.</summary>
internal static class RevokeKeyCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The id that `refrain key list` shows." };
        var json = Printed.Json();
        var command = new Command("revoke", "Revoke an API key.") { id, json };
        command.Validators.Add(result =>
        {
            if (!Guid.TryParseExact(result.GetValue(id), "N", out _)) result.AddError($"\"{result.GetValue(id)}\" is no id of a key; `refrain key list` shows them.");
        });
        command.SetAction((parsed, cancel) => OpenedDatabase.UseAsync(
            "key revoke", database => RunAsync(database, Guid.ParseExact(parsed.GetValue(id)!, "N"), parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(Database database, Guid id, bool json, CancellationToken cancel)
    {
        var (workspace, _) = await new FirstAdmin(database, TimeProvider.System).EnsureAsync(cancel);
        if (await new ApiKeys(database, TimeProvider.System).RevokeAsync(workspace, id, cancel) is not { } key)
        {
            await Console.Error.WriteLineAsync($"refrain key revoke: there is no key {id:N}.");
            return RootCommandFactory.Failed;
        }
        if (json) Printed.Line(key);
        else Console.WriteLine($"{key.Name} of {key.UserEmail} is revoked.");
        return RootCommandFactory.Done;
    }
}
