namespace Refrain.Engine.Storage;

/// <summary>Types of columns that are written in batches.</summary>
internal enum ColumnType
{
    Uuid,
    Text,
    Json,
    Integer,
    BigInt,
    Boolean,
    Instant,
    Bytes,
}

/// <summary>A column of a batch: its name, its type, and where its value comes from. Keys find the row in an update.</summary>
internal sealed record Column<T>(string Name, ColumnType Type, Func<T, object?> Value, bool IsKey = false);

/// <summary>
/// The columns that a batch writes. One statement with arrays on PostgreSQL, one prepared statement per row on SQLite; the two texts are made from
/// these columns, because a hand-written pair of thirty parallel arrays each is where columns get mixed up.
/// </summary>
internal sealed record Table<T>(string Name, params IReadOnlyList<Column<T>> Columns);
