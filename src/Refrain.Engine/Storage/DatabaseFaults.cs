using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Refrain.Engine.Storage;

/// <summary>Whose fault it is that a write failed.</summary>
internal static class DatabaseFaults
{
    // Data exceptions, broken constraints, cardinality, and limits such as that of a row in an index (postgresql.org/docs/current/errcodes-appendix.html).
    private static readonly string[] ClassesOfData = ["21", "22", "23", "54"];

    // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH (sqlite.org/rescode.html).
    private static readonly int[] CodesOfData = [18, 19, 20];

    /// <summary>A driver's exception is somewhere behind it.</summary>
    public static bool AreBehind(Exception? failure) => failure is not null && (failure is DbException || AreBehind(failure.InnerException));

    /// <summary>The database works, and refuses this: it would again. False where it is away, busy, full, or not as it should be.</summary>
    public static bool AreOfData(Exception failure) => failure switch
    {
        PostgresException refusal => ClassesOfData.Contains(refusal.SqlState[..2], StringComparer.Ordinal),
        SqliteException refusal => CodesOfData.Contains(refusal.SqliteErrorCode),
        _ => false,
    };
}
