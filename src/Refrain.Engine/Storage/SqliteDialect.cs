using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Refrain.Engine.Storage;

internal sealed class SqliteDialect : Dialect
{
    public override DatabaseKind Kind => DatabaseKind.Sqlite;

    /// <summary>A write transaction here is alone from its first statement on (BEGIN IMMEDIATE).</summary>
    public override string ForUpdate => "";
    public override string ForShare => "";
    public override string SkipLocked => "";
    public override string IsFalse(string column) => $"{column} = 0";

    public override string DomainOf(string column) => $"lower(substr({column}, instr({column}, '@') + 1))";
    public override string Json(string parameter) => parameter;
    public override string In(string column, string parameter) => $"{column} in (select unhex(value) from json_each({parameter}))";
    public override string InTexts(string column, string parameter) => $"{column} in (select value from json_each({parameter}))";
    public override object Texts(IEnumerable<string> texts) => JsonSerializer.Serialize(texts);
    public override object List(IEnumerable<Guid> ids) => JsonSerializer.Serialize(ids.Select(id => id.ToString("N")));

    public override Task<int> InsertAsync<T>(
        DbConnection connection, DbTransaction? transaction, Table<T> table, IReadOnlyList<T> rows, string onConflict, CancellationToken cancel)
    {
        var names = string.Join(", ", table.Columns.Select(column => column.Name));
        var values = string.Join(", ", table.Columns.Select((_, index) => $"@p{index}"));
        return RunAsync(connection, transaction, $"insert into {table.Name} ({names}) values ({values}) {onConflict}", table, rows, cancel);
    }

    public override Task<int> UpdateAsync<T>(
        DbConnection connection, DbTransaction? transaction, Table<T> table, IReadOnlyList<T> rows, string and, CancellationToken cancel)
    {
        var named = table.Columns.Select((column, index) => (column, assignment: $"{column.Name} = @p{index}")).ToList();
        var set = string.Join(", ", named.Where(one => !one.column.IsKey).Select(one => one.assignment));
        var keys = string.Join(" and ", named.Where(one => one.column.IsKey).Select(one => "target." + one.assignment));
        return RunAsync(connection, transaction, $"update {table.Name} as target set {set} where {keys} {and}", table, rows, cancel);
    }

    private static async Task<int> RunAsync<T>(
        DbConnection connection, DbTransaction? transaction, string sql, Table<T> table, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        await using var command = (SqliteCommand)connection.CreateCommand();
        command.Transaction = (SqliteTransaction?)transaction;
        command.CommandText = sql;
        var parameters = table.Columns.Select((column, index) => command.Parameters.Add($"@p{index}", TypeOf(column.Type))).ToArray();
        var changed = 0;
        foreach (var row in rows)
        {
            for (var index = 0; index < parameters.Length; index++)
                parameters[index].Value = Stored(table.Columns[index].Value(row)) ?? DBNull.Value;
            changed += await command.ExecuteNonQueryAsync(cancel);
        }
        return changed;
    }

    private static SqliteType TypeOf(ColumnType type) => type switch
    {
        ColumnType.Uuid or ColumnType.Bytes => SqliteType.Blob,
        ColumnType.Text or ColumnType.Json => SqliteType.Text,
        ColumnType.Integer or ColumnType.BigInt or ColumnType.Boolean or ColumnType.Instant => SqliteType.Integer,
    };

    private static object? Stored(object? value) => value switch
    {
        Guid id => id.ToByteArray(bigEndian: true),
        Instant instant => instant.ToUnixTimeTicks(),
        bool truth => truth ? 1 : 0,
        _ => value,
    };
}
