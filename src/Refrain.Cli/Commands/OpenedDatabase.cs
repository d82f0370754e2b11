using System.Data.Common;
using Refrain.Engine.Storage;

namespace Refrain.Cli.Commands;

/// <summary>The database that the server uses, or would use: it is opened beside it.</summary>
internal static class OpenedDatabase
{
    public static DatabaseSettings Settings => DatabaseSettings.Read(Environment.GetEnvironmentVariable);

    /// <summary>The exit code of <paramref name="use"/>; 1 with a message when the database cannot be opened or used.</summary>
    public static async Task<int> UseAsync(string command, Func<Database, Task<int>> use)
    {
        try
        {
            await using var database = Settings.Open();
            return await use(database);
        }
        catch (Exception broken) when (broken is DbException or InvalidOperationException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"refrain {command}: the database ({Settings}) cannot be used. {broken.GetBaseException().Message}");
            return RootCommandFactory.Failed;
        }
    }
}
