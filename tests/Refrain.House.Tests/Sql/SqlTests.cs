namespace Refrain.House.Tests.Sql;

public sealed class SqlTests
{
    private const string Engine = "src/Refrain.Engine/Tasks/TaskStore.cs";
    private const string Select = "select id from task where id = @id";

    [Fact]
    public void sql_stands_in_the_engine_under_a_name_that_says_so()
    {
        SqlRules.Statements(Repository.Product).ShouldBeGreaterThan(20);
        Repository.Product.Obeys(SqlRules.Misplaced);
    }

    [Fact]
    public void sql_on_a_page_is_seen() =>
        new SourceFile("src/Refrain.Server/Ui/Page.cs", $"class C {{ const string TaskSql = \"{Select}\"; }}").Violates(SqlRules.Misplaced);

    [Theory]
    [InlineData("select id from task where id = @id")]
    [InlineData("insert into task (id) values (@id)")]
    [InlineData("update task set done = 1 where id = @id")]
    [InlineData("update task t set done = 1")]
    [InlineData("delete from task where id = @id")]
    [InlineData("with due as (select 1) select 2")]
    public void sql_without_a_name_is_seen(string sql) =>
        new SourceFile(Engine, $"class C {{ void M() => Run(\"\"\"\n    {sql}\n    \"\"\"); }}").Violates(SqlRules.Misplaced);

    [Theory]
    [InlineData($"class C {{ private const string TaskSql = \"{Select}\"; }}")]
    [InlineData($"class C {{ string TaskSql => \"{Select}\"; }}")]
    [InlineData("class C { void M() => Run($\"select id from task where {In}\"); }")]
    [InlineData("class C { string Hint => \"Select a contact from the list\"; }")]
    public void named_sql_and_plain_words_pass(string code) => SqlRules.Misplaced([new(Engine, code)]).ShouldBeEmpty();

    [Fact]
    public void tables_are_made_in_migrations_only() => Repository.Product.Obeys(SqlRules.TablesOutsideMigrations);

    [Fact]
    public void a_table_made_in_code_is_seen() =>
        new SourceFile(Engine, "class C { const string MakeSql = \"create table task (id integer)\"; }").Violates(SqlRules.TablesOutsideMigrations);

    [Fact]
    public void migrations_are_numbered_and_for_one_database_each() => SqlRules.MigrationsElsewhere(ProductSql).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Refrain.Server/more.sql")]
    [InlineData("src/Refrain.Engine/Storage/Migrations/first.sqlite.sql")]
    [InlineData("src/Refrain.Engine/Storage/Migrations/0001_first.sql")]
    public void a_migration_elsewhere_is_seen(string path) => new SourceFile(path, "").Violates(SqlRules.MigrationsElsewhere);

    private static IReadOnlyList<SourceFile> ProductSql =>
        Repository.Read(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".sql", StringComparison.Ordinal));
}
