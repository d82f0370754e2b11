using System.Data.Common;
using Dapper;

namespace Refrain.Engine.Storage;

/// <summary>A connection, and the transaction that runs on it, if one does.</summary>
internal sealed class Session(DbConnection connection, DbTransaction? transaction, Dialect dialect)
{
    public Dialect Dialect => dialect;

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancel) =>
        (await connection.QueryAsync<T>(Command(sql, parameters, cancel))).AsList();

    public Task<T?> FirstAsync<T>(string sql, object? parameters, CancellationToken cancel) =>
        connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters, cancel));

    public Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancel) =>
        connection.ExecuteAsync(Command(sql, parameters, cancel));

    /// <summary>Inserts a batch; <paramref name="onConflict"/> is a whole ON CONFLICT clause or nothing. Returns the rows written.</summary>
    public Task<int> InsertAsync<T>(Table<T> table, IReadOnlyList<T> rows, CancellationToken cancel, string onConflict = "") =>
        rows.Count == 0 ? Task.FromResult(0) : dialect.InsertAsync(connection, transaction, table, rows, onConflict, cancel);

    /// <summary>Updates a batch by its key columns; <paramref name="and"/> may add a condition on <c>target</c>. Returns the rows written.</summary>
    public Task<int> UpdateAsync<T>(Table<T> table, IReadOnlyList<T> rows, CancellationToken cancel, string and = "") =>
        rows.Count == 0 ? Task.FromResult(0) : dialect.UpdateAsync(connection, transaction, table, rows, and, cancel);

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancel) =>
        new(sql, parameters, transaction, cancellationToken: cancel);
}
