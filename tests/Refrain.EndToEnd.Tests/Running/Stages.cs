using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Stages))]
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 6)]

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>A running server with its database, and a client with an administrator's key.</summary>
public sealed record Stage(FreshDatabase Database, RefrainProcess Server, RefrainClient Client) : IAsyncDisposable
{
    public static async Task<Stage> OpenAsync(DatabaseKind kind, params (string Name, string Value)[] environment)
    {
        var database = await Installations.NewAsync(kind);
        var server = await RefrainProcess.StartAsync(database, null, environment);
        return new(database, server, Installations.ClientOf(server, kind));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>One server for each database, shared by all stories: each story has mailboxes, sequences and people of its own.</summary>
public sealed class Stages : IAsyncDisposable
{
    private readonly Dictionary<DatabaseKind, Task<Stage>> open = [];

    public Task<Stage> OnAsync(DatabaseKind kind)
    {
        lock (open)
        {
            if (!open.TryGetValue(kind, out var stage)) open[kind] = stage = Task.Run(() => Stage.OpenAsync(kind));
            return stage;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stage in open.Values) await (await stage).DisposeAsync();
    }
}
