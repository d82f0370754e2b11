using System.Collections.Concurrent;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>Databases in which there is an administrator's key already, made by the command line as a person makes it. The first of a kind is made; the others are copies.</summary>
internal static class Installations
{
    private static readonly ConcurrentDictionary<DatabaseKind, string> Keys = new();

    private static readonly SemaphoreSlim OneAtATime = new(1);

    public static async Task<FreshDatabase> NewAsync(DatabaseKind kind)
    {
        await OneAtATime.WaitAsync();
        try
        {
            return await FreshDatabase.CreateAsync(kind, CreateKeyAsync);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    public static RefrainClient ClientOf(RefrainProcess process, DatabaseKind kind) => new(process.Url, Keys[kind], () => process.Output);

    public static string KeyOf(DatabaseKind kind) => Keys[kind];

    private static async Task CreateKeyAsync(FreshDatabase empty) =>
        Keys[empty.Kind] = (await Programs.RunAsync(Builds.Cli, empty, "key", "create", "--admin")).Trim();
}
