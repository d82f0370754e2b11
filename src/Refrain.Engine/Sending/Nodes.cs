using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>The processes that share the database. One that has not been seen for twenty seconds is dead, and what it had in hand is settled by another. On SQLite the folder's lock says at once that there is no other.</summary>
internal sealed class Nodes(Database database, EngineSettings settings, TimeProvider time)
{
    public static readonly Duration DeadAfter = Duration.FromSeconds(20);

    // One statement, for it is all that an idle process does beside its probe. Its parts do not see each other's rows.
    private const string PostgresBeatSql = """
        with said as (insert into node (id, seen_at) values (@Node, @now) on conflict (id) do update set seen_at = excluded.seen_at),
            forgotten as (delete from node where seen_at < @old)
        select id from node where seen_at > @alive and id <> @Node
        """;

    private const string SqliteBeatSql = """
        delete from node;
        insert into node (id, seen_at) values (@Node, @now);
        """;

    private IReadOnlyList<string> alive = [settings.Node];

    /// <summary>This process: it is alive by definition, also when a slow turn kept it from saying so.</summary>
    public string Self => settings.Node;

    /// <summary>Says that this process lives. True when others came or went since it last did.</summary>
    public async Task<bool> BeatAsync(CancellationToken cancel)
    {
        var others = database.Kind == DatabaseKind.Postgres ? await BeatOnPostgresAsync(cancel) : await BeatOnSqliteAsync(cancel);
        IReadOnlyList<string> seen = [Self, .. others.Order(StringComparer.Ordinal)];
        var changed = !seen.SequenceEqual(Volatile.Read(ref alive));
        Volatile.Write(ref alive, seen);
        return changed;
    }

    private Task<IReadOnlyList<string>> BeatOnPostgresAsync(CancellationToken cancel)
    {
        var now = time.Now();
        return database.ReadAsync(session => session.QueryAsync<string>(
            PostgresBeatSql, new { settings.Node, now, old = now - Duration.FromHours(1), alive = now - DeadAfter }, cancel), cancel);
    }

    private async Task<IReadOnlyList<string>> BeatOnSqliteAsync(CancellationToken cancel)
    {
        await database.WriteAsync(session => session.ExecuteAsync(SqliteBeatSql, new { settings.Node, now = time.Now() }, cancel), cancel);
        return [];
    }

    /// <summary>Of the living processes exactly one has a thing: the one that, with its name, gives the highest hash (rendezvous hashing), so that one more or less moves little.</summary>
    public bool Has(Guid thing) => Volatile.Read(ref alive).MaxBy(node => Weight(node, thing), StringComparer.Ordinal) is not { } winner || winner == Self;

    private static string Weight(string node, Guid thing) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{node} {thing:N}")));
}
