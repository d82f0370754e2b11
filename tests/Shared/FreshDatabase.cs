using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Database = Refrain.Engine.Storage.Database;

namespace Refrain.Testing;

/// <summary>
/// A database for one test, removed at its end. What <c>prepare</c> does to an empty one (migrate it) is done once in a run;
/// each test gets a copy of the result.
/// </summary>
public sealed class FreshDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<(DatabaseKind, MethodInfo), Task<FreshDatabase>> Templates = new();

    private FreshDatabase(DatabaseKind kind, string connectionString, string folder) =>
        (Kind, ConnectionString, Folder) = (kind, connectionString, folder);

    public DatabaseKind Kind { get; }

    public string ConnectionString { get; }

    /// <summary>A folder of this test's own: the data folder, with <c>refrain.db</c> in it on SQLite.</summary>
    public string Folder { get; }

    public static async Task<FreshDatabase> CreateAsync(DatabaseKind kind, Func<FreshDatabase, Task>? prepare = null, CancellationToken cancel = default)
    {
        if (prepare is null) return await CopyAsync(kind, null, cancel);
        var template = await Templates.GetOrAdd((kind, prepare.Method), _ => PrepareAsync(kind, prepare));
        return await CopyAsync(kind, template, cancel);
    }

    /// <summary>A database with the newest schema and nothing in it.</summary>
    public static Task<FreshDatabase> MigratedAsync(DatabaseKind kind, CancellationToken cancel = default) => CreateAsync(kind, MigrateAsync, cancel);

    /// <summary>Opens it as the product does. Disposed by the caller, before this.</summary>
    public Database Open() => Kind switch
    {
        DatabaseKind.Sqlite => Database.OpenSqlite(Folder),
        DatabaseKind.Postgres => Database.OpenPostgres(ConnectionString),
    };

    public async ValueTask DisposeAsync()
    {
        if (Kind is DatabaseKind.Postgres) await PostgresForTests.DropDatabaseAsync(ConnectionString);
        else CloseSqlite();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task MigrateAsync(FreshDatabase empty) => await empty.Open().DisposeAsync();

    private static async Task<FreshDatabase> PrepareAsync(DatabaseKind kind, Func<FreshDatabase, Task> prepare)
    {
        var template = await CopyAsync(kind, null, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(template.Folder, recursive: true);
        await prepare(template);
        if (kind is DatabaseKind.Postgres) PostgresForTests.CloseConnections(template.ConnectionString);
        else template.CloseSqlite();
        return template;
    }

    private static async Task<FreshDatabase> CopyAsync(DatabaseKind kind, FreshDatabase? template, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("refrain-data-").FullName;
        if (kind is DatabaseKind.Postgres)
            return new(kind, await PostgresForTests.CreateDatabaseAsync(template?.ConnectionString, cancel), folder);

        var file = Path.Combine(folder, "refrain.db");
        if (template is not null)
            foreach (var part in Directory.EnumerateFiles(template.Folder, "refrain.db*"))
                File.Copy(part, Path.Combine(folder, Path.GetFileName(part)));
        return new(kind, new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString, folder);
    }

    private void CloseSqlite()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }
}
