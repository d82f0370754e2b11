using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Refrain.Engine.Storage;

/// <summary>
/// The database: many readers, and writers in transactions. On SQLite there is one writer at a time, queued here rather than at the file's lock.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private const int DeadlockTries = 5;
    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly NpgsqlDataSource? postgres;
    private readonly string? sqlite;
    private readonly Dialect dialect;

    private Database(Dialect dialect, NpgsqlDataSource? postgres, string? sqlite)
    {
        TypeHandlers.Register();
        (this.dialect, this.postgres, this.sqlite) = (dialect, postgres, sqlite);
    }

    public DatabaseKind Kind => dialect.Kind;

    /// <summary>The connection string; for listeners of their own.</summary>
    internal NpgsqlDataSource? Postgres => postgres;

    /// <summary>A PostgreSQL database by its connection string, migrated to the newest schema.</summary>
    public static Database OpenPostgres(string connectionString)
    {
        var source = new NpgsqlDataSourceBuilder(connectionString).Build();
        Migrator.MigratePostgres(connectionString);
        return new(new PostgresDialect(), source, null);
    }

    /// <summary>The SQLite file <c>refrain.db</c> in a folder, which is made if need be; migrated to the newest schema.</summary>
    public static Database OpenSqlite(string folder)
    {
        Directory.CreateDirectory(folder);
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, "refrain.db"),
            Mode = SqliteOpenMode.ReadWriteCreate,
            DefaultTimeout = 5,
            Pooling = true,
        }.ToString();
        Migrator.MigrateSqlite(connectionString);
        return new(new SqliteDialect(), null, connectionString);
    }

    /// <summary>Throws what the driver throws when the database does not answer.</summary>
    public Task PingAsync(CancellationToken cancel) => ReadAsync(session => session.FirstAsync<int>("select 1", null, cancel), cancel);

    /// <summary>Reads outside a transaction.</summary>
    internal async Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken cancel)
    {
        await using var connection = await ConnectAsync(cancel);
        return await read(new(connection, null, dialect));
    }

    /// <summary>Runs a write in a transaction and commits it. A deadlock on PostgreSQL runs it again from the start, so it must have no other effect.</summary>
    internal async Task<T> WriteAsync<T>(Func<Session, Task<T>> write, CancellationToken cancel)
    {
        if (postgres is not null) return await WriteToPostgresAsync(write, cancel);
        await writer.WaitAsync(cancel);
        try
        {
            return await WriteOnceAsync(write, cancel);
        }
        finally
        {
            writer.Release();
        }
    }

    internal Task WriteAsync(Func<Session, Task> write, CancellationToken cancel) =>
        WriteAsync<object?>(async session => { await write(session); return null; }, cancel);

    /// <summary>Runs a write and takes all of it back: what would have happened.</summary>
    internal async Task<T> RehearseAsync<T>(Func<Session, Task<T>> write, CancellationToken cancel)
    {
        await writer.WaitAsync(cancel);
        try
        {
            await using var connection = await ConnectAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            return await write(new(connection, transaction, dialect));
        }
        finally
        {
            writer.Release();
        }
    }

    /// <summary>One synchronous read, for the last check before DATA, which runs inside a protocol callback.</summary>
    internal T ReadNow<T>(Func<DbConnection, T> read)
    {
        using DbConnection connection = postgres is not null ? postgres.OpenConnection() : OpenSqliteNow();
        return read(connection);
    }

    /// <summary>One synchronous write, for the key ring, whose interface knows no other.</summary>
    internal void WriteNow(Action<DbConnection, DbTransaction> write)
    {
        writer.Wait();
        try
        {
            using DbConnection connection = postgres is not null ? postgres.OpenConnection() : OpenSqliteNow();
            using var transaction = connection.BeginTransaction();
            write(connection, transaction);
            transaction.Commit();
        }
        finally
        {
            writer.Release();
        }
    }

    private async Task<T> WriteToPostgresAsync<T>(Func<Session, Task<T>> write, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(write, cancel);
            }
            catch (PostgresException lost) when (attempt < DeadlockTries && lost.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                continue;
            }
        }
    }

    private async Task<T> WriteOnceAsync<T>(Func<Session, Task<T>> write, CancellationToken cancel)
    {
        await using var connection = await ConnectAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var result = await write(new(connection, transaction, dialect));
        if (result is not IUnwritten) await transaction.CommitAsync(cancel);
        return result;
    }

    private async Task<DbConnection> ConnectAsync(CancellationToken cancel) =>
        postgres is not null ? await postgres.OpenConnectionAsync(cancel) : OpenSqliteNow();

    private SqliteConnection OpenSqliteNow()
    {
        var connection = new SqliteConnection(sqlite);
        connection.Open();
        using var pragma = connection.CreateCommand();
        // 32 MiB of pages, and a checkpoint each 32 MiB: in a large file the pages of a turn lie far apart, and both cost by the page.
        pragma.CommandText = "pragma busy_timeout = 5000; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -32768; pragma wal_autocheckpoint = 8000;";
        pragma.ExecuteNonQuery();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null) await postgres.DisposeAsync();
        if (sqlite is not null) SqliteConnection.ClearPool(new SqliteConnection(sqlite));
        writer.Dispose();
    }
}

/// <summary>A result that says that nothing was written: its transaction is rolled back, whatever it did before it found that out.</summary>
internal interface IUnwritten;
