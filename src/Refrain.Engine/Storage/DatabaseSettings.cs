namespace Refrain.Engine.Storage;

/// <summary>Where the data is: <c>REFRAIN_DATABASE</c>, a PostgreSQL connection string; else SQLite in the folder <c>REFRAIN_DATA</c>, else in <c>./data</c>.</summary>
public sealed record DatabaseSettings(string? Postgres, string Folder)
{
    public const string DatabaseVariable = "REFRAIN_DATABASE";
    public const string FolderVariable = "REFRAIN_DATA";

    /// <summary>Reads both through <paramref name="setting"/>: the environment for a command, the configuration for the server.</summary>
    public static DatabaseSettings Read(Func<string, string?> setting)
    {
        var postgres = setting(DatabaseVariable);
        var folder = setting(FolderVariable);
        return new(
            string.IsNullOrWhiteSpace(postgres) ? null : postgres,
            Path.GetFullPath(string.IsNullOrWhiteSpace(folder) ? "data" : folder));
    }

    public Database Open() => Postgres is null ? Database.OpenSqlite(Folder) : Database.OpenPostgres(Postgres);

    /// <summary>For people; without the password.</summary>
    public override string ToString()
    {
        if (Postgres is null) return $"SQLite in {Folder}";
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(Postgres);
        return $"PostgreSQL {parts.Database} on {parts.Host}:{parts.Port}";
    }
}
