using Refrain.Contracts;

namespace Refrain.Engine.Storage;

/// <summary>Pages by key: a query asks for one row more than a page, which tells whether there is another.</summary>
internal static class Paging
{
    public static Page<T> Cut<TRow, T>(IReadOnlyList<TRow> rows, int limit, Func<TRow, string> cursor, Func<TRow, T> shown) =>
        new([.. rows.Take(limit).Select(shown)], rows.Count > limit ? cursor(rows[limit - 1]) : null);
}
