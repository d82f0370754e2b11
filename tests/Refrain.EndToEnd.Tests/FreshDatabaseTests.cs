using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests;

public sealed class FreshDatabaseTests
{
    private static int prepared;

    [Theory]
    [OnEveryDatabase]
    public async Task each_test_has_a_copy_of_what_was_prepared_once(DatabaseKind kind)
    {
        await using var first = await FreshDatabase.CreateAsync(kind, PrepareAsync);
        await RunAsync(first, "insert into thing (id) values (2)");

        await using var second = await FreshDatabase.CreateAsync(kind, PrepareAsync);

        (await RunAsync(first, "select count(*) from thing")).ShouldBe(2L);
        (await RunAsync(second, "select count(*) from thing")).ShouldBe(1L);
        prepared.ShouldBeLessThanOrEqualTo(Enum.GetValues<DatabaseKind>().Length);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task nothing_is_left_of_a_database_that_was_disposed(DatabaseKind kind)
    {
        var database = await FreshDatabase.CreateAsync(kind);
        await RunAsync(database, "create table thing (id bigint)");

        await database.DisposeAsync();

        Directory.Exists(database.Folder).ShouldBeFalse();
        await Should.ThrowAsync<DbException>(() => RunAsync(database, "select count(*) from thing"));
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_migrated_database_has_the_tables_of_the_product(DatabaseKind kind)
    {
        await using var database = await FreshDatabase.MigratedAsync(kind);

        await using (var opened = database.Open()) opened.Kind.ToString().ShouldBe(kind.ToString());

        (await RunAsync(database, "select count(*) from enrollment")).ShouldBe(0L);
    }

    [Fact]
    public async Task postgres_writes_through_to_the_disk_as_in_production()
    {
        await using var database = await FreshDatabase.CreateAsync(DatabaseKind.Postgres);

        (await RunAsync(database, "show fsync")).ShouldBe("on");
        (await RunAsync(database, "show synchronous_commit")).ShouldBe("on");
    }

    private static async Task PrepareAsync(FreshDatabase empty)
    {
        Interlocked.Increment(ref prepared);
        await RunAsync(empty, "create table thing (id bigint)");
        await RunAsync(empty, "insert into thing (id) values (1)");
    }

    private static async Task<object?> RunAsync(FreshDatabase database, string sql)
    {
        await using DbConnection connection = database.Kind switch
        {
            DatabaseKind.Sqlite => new SqliteConnection(database.ConnectionString),
            DatabaseKind.Postgres => new NpgsqlConnection(database.ConnectionString),
        };
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
