using System.Data.Common;

namespace Refrain.Engine.Storage;

/// <summary>What differs between the databases, and no more.</summary>
internal abstract class Dialect
{
    public abstract DatabaseKind Kind { get; }

    /// <summary>Appended to a select that is followed by a version-checked update of the same rows.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Appended to a select of rows that must not change before this transaction ends, though others may read them so too.</summary>
    public abstract string ForShare { get; }

    /// <summary>Appended to the select of a claim: rows that others are claiming are passed over.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Tests that a truth value is false, in the words that the partial indexes use.</summary>
    public abstract string IsFalse(string column);

    /// <summary>Puts a JSON text parameter into a JSON column.</summary>
    public abstract string Json(string parameter);

    /// <summary>The domain of an address in a column, as <see cref="Sending.LimitUse.DomainOf"/> has it.</summary>
    public abstract string DomainOf(string column);

    /// <summary>Tests a column against a list parameter; see <see cref="List"/>.</summary>
    public abstract string In(string column, string parameter);

    /// <summary>The value of a list parameter for <see cref="In"/>.</summary>
    public abstract object List(IEnumerable<Guid> ids);

    /// <summary>Like <see cref="In"/>, for texts.</summary>
    public abstract string InTexts(string column, string parameter);

    /// <summary>The value of a list parameter for <see cref="InTexts"/>.</summary>
    public abstract object Texts(IEnumerable<string> texts);

    public abstract Task<int> InsertAsync<T>(DbConnection connection, DbTransaction? transaction, Table<T> table, IReadOnlyList<T> rows, string onConflict, CancellationToken cancel);

    public abstract Task<int> UpdateAsync<T>(DbConnection connection, DbTransaction? transaction, Table<T> table, IReadOnlyList<T> rows, string and, CancellationToken cancel);
}

/// <summary>The databases that Refrain runs on.</summary>
public enum DatabaseKind
{
    Sqlite,
    Postgres,
}
