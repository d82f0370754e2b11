using System.Data.Common;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Refrain.Engine.Storage;

internal sealed class PostgresDialect : Dialect
{
    public override DatabaseKind Kind => DatabaseKind.Postgres;
    public override string ForUpdate => "for update";
    public override string ForShare => "for share";
    public override string SkipLocked => "for update skip locked";
    public override string IsFalse(string column) => $"not {column}";

    public override string DomainOf(string column) => $"lower(split_part({column}, '@', 2))";
    public override string Json(string parameter) => $"{parameter}::jsonb";
    public override string In(string column, string parameter) => $"{column} = any({parameter})";
    public override string InTexts(string column, string parameter) => In(column, parameter);
    public override object Texts(IEnumerable<string> texts) => texts.ToArray();
    public override object List(IEnumerable<Guid> ids) => ids.ToArray();

    public override Task<int> InsertAsync<T>(
        DbConnection connection, DbTransaction? transaction, Table<T> table, IReadOnlyList<T> rows, string onConflict, CancellationToken cancel)
    {
        var names = string.Join(", ", table.Columns.Select(column => column.Name));
        var sql = $"insert into {table.Name} ({names}) select {Selected(table)} from unnest({Arrays(table)}) as given({names}) {onConflict}";
        return RunAsync(connection, transaction, sql, table, rows, cancel);
    }

    public override Task<int> UpdateAsync<T>(
        DbConnection connection, DbTransaction? transaction, Table<T> table, IReadOnlyList<T> rows, string and, CancellationToken cancel)
    {
        var names = string.Join(", ", table.Columns.Select(column => column.Name));
        var set = string.Join(", ", table.Columns.Where(column => !column.IsKey).Select(column => $"{column.Name} = {Given(column)}"));
        var keys = string.Join(" and ", table.Columns.Where(column => column.IsKey).Select(column => $"target.{column.Name} = given.{column.Name}"));
        var sql = $"update {table.Name} as target set {set} from unnest({Arrays(table)}) as given({names}) where {keys} {and}";
        return RunAsync(connection, transaction, sql, table, rows, cancel);
    }

    private static string Selected<T>(Table<T> table) => string.Join(", ", table.Columns.Select(Given));

    private static string Given<T>(Column<T> column) => column.Type == ColumnType.Json ? $"given.{column.Name}::jsonb" : $"given.{column.Name}";

    private static string Arrays<T>(Table<T> table) => string.Join(", ", table.Columns.Select((_, index) => $"@p{index}"));

    private static async Task<int> RunAsync<T>(
        DbConnection connection, DbTransaction? transaction, string sql, Table<T> table, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)connection, (NpgsqlTransaction?)transaction);
        for (var index = 0; index < table.Columns.Count; index++)
            command.Parameters.Add(Parameter($"p{index}", table.Columns[index], rows));
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlParameter Parameter<T>(string name, Column<T> column, IReadOnlyList<T> rows) => column.Type switch
    {
        ColumnType.Uuid => new(name, NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = Array(rows, column, value => (Guid?)value) },
        ColumnType.Text or ColumnType.Json => new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = Array(rows, column, value => (string?)value) },
        ColumnType.Integer => new(name, NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = Array(rows, column, value => (int?)value) },
        ColumnType.BigInt => new(name, NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = Array(rows, column, value => (long?)value) },
        ColumnType.Boolean => new(name, NpgsqlDbType.Array | NpgsqlDbType.Boolean) { Value = Array(rows, column, value => (bool?)value) },
        ColumnType.Instant => new(name, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = Array(rows, column, value => ((Instant?)value)?.ToDateTimeUtc()) },
        ColumnType.Bytes => new(name, NpgsqlDbType.Array | NpgsqlDbType.Bytea) { Value = Array(rows, column, value => (byte[]?)value) },
    };

    private static TValue[] Array<T, TValue>(IReadOnlyList<T> rows, Column<T> column, Func<object?, TValue> convert)
    {
        var values = new TValue[rows.Count];
        for (var index = 0; index < rows.Count; index++)
            values[index] = convert(column.Value(rows[index]));
        return values;
    }
}
