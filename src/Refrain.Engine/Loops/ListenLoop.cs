using Microsoft.Extensions.Logging;
using Npgsql;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Loops;

/// <summary>
/// Hears what other processes of a PostgreSQL database announce. While it does not hear, the probe still finds what is due; when it hears again, it takes for granted
/// that it missed something.
/// </summary>
internal sealed class ListenLoop(Database database, Nodes nodes, Wakeups wakeups, TimeProvider time, ILogger<ListenLoop> logger) : Loop(wakeups, time, logger)
{
    private readonly Wakeups wakeups = wakeups;

    private const string ListenSql = $"listen {AnnounceLoop.Channel}";

    protected override Wakeup? SleepsFor => null;

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        if (database.Postgres is not { } source) return UntilWoken;
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notification += (_, heard) => Hear(heard.Payload);
        await using var listen = new NpgsqlCommand(ListenSql, connection);
        await listen.ExecuteNonQueryAsync(cancel);
        foreach (var what in Enum.GetValues<Wakeup>()) wakeups.WakeHere(what);
        while (true)
            await connection.WaitAsync(cancel);
    }

    private void Hear(string text)
    {
        if (text.Split(' ') is [var node, var word] && node != nodes.Self && Enum.TryParse<Wakeup>(word, out var what))
            wakeups.WakeHere(what);
    }
}
