using NodaTime;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>The processes that share the database. One that has not been seen for twenty seconds is dead, and what it had in hand is settled by another. On SQLite the folder's lock says at once that there is no other.</summary>
internal sealed class Nodes(Database database, EngineSettings settings, TimeProvider time)
{
    public static readonly Duration DeadAfter = Duration.FromSeconds(20);

    private const string BeatSql = """
        insert into node (id, seen_at) values (@Node, @now) on conflict (id) do update set seen_at = excluded.seen_at
        """;

    private const string ForgetSql = "delete from node where seen_at < @old";

    private const string AloneSql = "delete from node where id <> @Node";
    private bool cleared;

    /// <summary>This process: it is alive by definition, also when a slow turn kept it from saying so.</summary>
    public string Self => settings.Node;

    public async Task BeatAsync(CancellationToken cancel)
    {
        var now = time.Now();
        await database.WriteAsync(session => session.ExecuteAsync(BeatSql, new { settings.Node, now }, cancel), cancel);
        if (database.Kind == DatabaseKind.Sqlite && !cleared)
            await database.WriteAsync(session => session.ExecuteAsync(AloneSql, new { settings.Node }, cancel), cancel);
        cleared = true;
        await database.WriteAsync(session => session.ExecuteAsync(ForgetSql, new { old = now - Duration.FromHours(1) }, cancel), cancel);
    }
}
