namespace Refrain.Testing;

public enum DatabaseKind
{
    Sqlite,
    Postgres,
}
