using System.CommandLine;
using Refrain.Contracts;
using Refrain.Engine.Access;
using Refrain.Engine.Storage;

namespace Refrain.Cli.Commands.Keys;

/// <summary><c>refrain key list</c>: which keys there are; what they are is not stored.</summary>
internal static class ListKeysCommand
{
    private const int Page = 500;

    public static Command Create()
    {
        var json = Printed.Json();
        var command = new Command("list", "List the API keys with their ids, revoked ones too; never the keys themselves.") { json };
        command.SetAction((parsed, cancel) => OpenedDatabase.UseAsync("key list", database => RunAsync(database, parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(Database database, bool json, CancellationToken cancel)
    {
        var (workspace, _) = await new FirstAdmin(database, TimeProvider.System).EnsureAsync(cancel);
        var keys = new ApiKeys(database, TimeProvider.System);
        for (var after = Guid.Empty; ;)
        {
            var page = await keys.ListAsync(workspace, after, Page, cancel);
            foreach (var key in page.Items)
                if (json) Printed.Line(key);
                else Console.WriteLine($"{key.Id}  {key.Name}  {key.UserEmail}  {Since(key)}");
            if (page.Next is null) return RootCommandFactory.Done;
            after = Guid.ParseExact(page.Next, "N");
        }
    }

    private static string Since(ApiKey key) => key.RevokedAt is { } revoked ? $"revoked {Printed.At(revoked)}" : $"since {Printed.At(key.CreatedAt)}";
}
