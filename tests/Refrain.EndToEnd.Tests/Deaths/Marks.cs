using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Deaths;

/// <summary>What the database holds of one message: how far it came, and the Message-ID that it was given.</summary>
internal sealed record Mark(string ToAddress, string Header, string Status);

/// <summary>Reads the marks beside, or after, the process that made them.</summary>
internal static class Marks
{
    public static async Task<IReadOnlyList<Mark>> ReadAsync(FreshDatabase database)
    {
        await using DbConnection connection = database.Kind switch
        {
            DatabaseKind.Sqlite => new SqliteConnection(database.ConnectionString),
            DatabaseKind.Postgres => new NpgsqlConnection(database.ConnectionString),
        };
        return [.. await connection.QueryAsync<Mark>("select to_address as ToAddress, header as Header, status as Status from outbound_message")];
    }
}
