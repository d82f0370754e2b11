using System.Security.Cryptography;
using System.Text;
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

    private const string AliveSql = "select id from node where seen_at > @alive order by id";
    private IReadOnlyList<string> alive = [settings.Node];
    private bool cleared;

    /// <summary>This process: it is alive by definition, also when a slow turn kept it from saying so.</summary>
    public string Self => settings.Node;

    /// <summary>Says that this process lives. True when others came or went since it last did.</summary>
    public async Task<bool> BeatAsync(CancellationToken cancel)
    {
        var now = time.Now();
        var seen = await database.WriteAsync(async session =>
        {
            await session.ExecuteAsync(BeatSql, new { settings.Node, now }, cancel);
            if (database.Kind == DatabaseKind.Sqlite && !cleared) await session.ExecuteAsync(AloneSql, new { settings.Node }, cancel);
            await session.ExecuteAsync(ForgetSql, new { old = now - Duration.FromHours(1) }, cancel);
            return await session.QueryAsync<string>(AliveSql, new { alive = now - DeadAfter }, cancel);
        }, cancel);
        cleared = true;
        var changed = !seen.SequenceEqual(Volatile.Read(ref alive));
        Volatile.Write(ref alive, seen);
        return changed;
    }

    /// <summary>Of the living processes exactly one has a thing: the one that, with its name, gives the highest hash (rendezvous hashing), so that one more or less moves little.</summary>
    public bool Has(Guid thing) => Volatile.Read(ref alive).MaxBy(node => Weight(node, thing), StringComparer.Ordinal) is not { } winner || winner == Self;

    private static string Weight(string node, Guid thing) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{node} {thing:N}")));
}
