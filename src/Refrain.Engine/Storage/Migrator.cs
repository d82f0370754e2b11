using System.Reflection;
using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Refrain.Engine.Storage;

/// <summary>Brings a database to the newest schema: plain SQL files, each run once, in the order of their numbers.</summary>
internal static class Migrator
{
    private const long LockNumber = 7_305_801;

    public static void MigratePostgres(string connectionString)
    {
        // Not pooled: a connection that goes back to a pool keeps its advisory locks until somebody takes it again.
        using var gate = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        gate.Open();
        using var take = new NpgsqlCommand($"select pg_advisory_lock({LockNumber})", gate);
        take.ExecuteNonQuery();
        Run(DeployChanges.To.PostgresqlDatabase(connectionString).WithTransactionPerScript()
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.EndsWith(".postgres.sql", StringComparison.Ordinal)).LogToNowhere().Build());
    }

    public static void MigrateSqlite(string connectionString)
    {
        using (var connection = new SqliteConnection(connectionString))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "pragma journal_mode = wal; pragma busy_timeout = 5000;";
            command.ExecuteNonQuery();
        }
        Run(DeployChanges.To.SqliteDatabase(connectionString).WithTransactionPerScript()
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.EndsWith(".sqlite.sql", StringComparison.Ordinal)).LogToNowhere().Build());
    }

    private static void Run(UpgradeEngine engine)
    {
        var result = engine.PerformUpgrade();
        if (!result.Successful) throw new InvalidOperationException($"The migration {result.ErrorScript?.Name} failed.", result.Error);
    }
}
