using Npgsql;

namespace Refrain.Testing;

/// <summary>The PostgreSQL of the tests: the one that <c>bin/test</c> started, else one of our own.</summary>
public static class PostgresForTests
{
    private static readonly Lazy<string> Server = new(
        () => Environment.GetEnvironmentVariable("REFRAIN_TEST_POSTGRES") is { Length: > 0 } given ? given : LabScript.Start("postgres"));

    /// <summary>A new database, empty or a copy of <paramref name="template"/>, that nobody else uses.</summary>
    public static async Task<string> CreateDatabaseAsync(string? template = null, CancellationToken cancel = default)
    {
        var name = $"t{Guid.CreateVersion7():n}";
        var source = template is null ? "template0" : NameIn(template);
        await ExecuteAsync($"create database {name} template {source}", cancel);
        return new NpgsqlConnectionStringBuilder(Server.Value)
        {
            Database = name,
            IncludeErrorDetail = true,
            MaxPoolSize = 20,
        }.ConnectionString;
    }

    public static async Task DropDatabaseAsync(string connectionString, CancellationToken cancel = default)
    {
        CloseConnections(connectionString);
        await ExecuteAsync($"drop database if exists {NameIn(connectionString)} with (force)", cancel);
    }

    /// <summary>A template must have no connection open when it is copied.</summary>
    public static void CloseConnections(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    private static string NameIn(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(Server.Value);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
