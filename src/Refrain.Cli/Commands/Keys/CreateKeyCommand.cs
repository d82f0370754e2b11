using System.CommandLine;
using Refrain.Core;
using Refrain.Engine.Access;
using Refrain.Engine.Storage;

namespace Refrain.Cli.Commands.Keys;

/// <summary><c>refrain key create</c>: opens the database itself, so it works before a server runs, and beside one.</summary>
internal static class CreateKeyCommand
{
    public static Command Create()
    {
        var admin = new Option<bool>("--admin") { Description = "A key of the administrator, who is made if there is none." };
        var user = new Option<string?>("--user") { Description = "A key of the user with this email address." };
        var name = new Option<string>("--name") { Description = "What the key is for.", DefaultValueFactory = _ => "cli" };
        var json = Printed.Json();
        var command = new Command("create", "Make an API key and print it, alone on a line; it is never shown again.") { admin, user, name, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(admin) == result.GetValue(user) is not null) result.AddError("Say whose key it shall be: --admin, or --user EMAIL.");
        });
        command.SetAction((parsed, cancel) => OpenedDatabase.UseAsync(
            "key create", database => RunAsync(database, parsed.GetValue(user), parsed.GetValue(name)!, parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(Database database, string? email, string name, bool json, CancellationToken cancel)
    {
        var (workspace, admin) = await new FirstAdmin(database, TimeProvider.System).EnsureAsync(cancel);
        var owner = email is null ? admin : await FindAsync(database, workspace, email, cancel);
        if (owner is not { } user)
        {
            await Console.Error.WriteLineAsync($"refrain key create: there is no user {email}.");
            return RootCommandFactory.Failed;
        }
        var key = await new ApiKeys(database, TimeProvider.System).CreateAsync(workspace, user, name, cancel);
        if (json) Printed.Line(new { key, name, userId = user.ToString() });
        else Console.WriteLine(key);
        return RootCommandFactory.Done;
    }

    private static async Task<UserId?> FindAsync(Database database, WorkspaceId workspace, string email, CancellationToken cancel) =>
        await new Users(database, TimeProvider.System).FindAsync(workspace, email, cancel) is { } user && UserId.TryParse(user.Id, out var id) ? id : null;
}
