using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Contacts;

/// <summary>Reads contacts.</summary>
public sealed class ContactQueries(Database database)
{
    private const string OneSql =
        $"""
        select {ContactRow.Columns} from contact where workspace_id = @workspace and id = @id and deleted_at is null
        """;

    private const string ListSql =
        $"""
        select {ContactRow.Columns} from contact where workspace_id = @workspace and deleted_at is null and id > @after order by id limit @limit
        """;

    private const string ByEmailSql =
        $"""
        select {ContactRow.Columns} from contact where workspace_id = @workspace and email = @email and deleted_at is null and id > @after order by id limit @limit
        """;

    public async Task<Contact?> FindAsync(WorkspaceId workspace, ContactId id, CancellationToken cancel) =>
        (await database.ReadAsync(session => session.FirstAsync<ContactRow>(OneSql, new { workspace, id }, cancel), cancel))?.ToContact();

    /// <summary>In the order in which they were made. <paramref name="email"/>: only that address.</summary>
    public async Task<Page<Contact>> ListAsync(WorkspaceId workspace, string? email, Guid after, int limit, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.QueryAsync<ContactRow>(
                email is null ? ListSql : ByEmailSql, new { workspace, email = email?.Trim().ToLowerInvariant(), after, limit = limit + 1 }, cancel),
            cancel);
        return Paging.Cut(rows, limit, row => row.Id.ToString(), row => row.ToContact());
    }

    /// <summary>Which of these are contacts of the workspace.</summary>
    public async Task<IReadOnlySet<ContactId>> KnownAsync(WorkspaceId workspace, IReadOnlyList<ContactId> ids, CancellationToken cancel)
    {
        var known = new HashSet<ContactId>();
        foreach (var chunk in ids.Distinct().Chunk(500))
            known.UnionWith(await database.ReadAsync(session => KnownAsync(session, workspace, chunk, cancel), cancel));
        return known;
    }

    private static Task<IReadOnlyList<ContactId>> KnownAsync(Session session, WorkspaceId workspace, IEnumerable<ContactId> ids, CancellationToken cancel) =>
        session.QueryAsync<ContactId>(KnownSql(session.Dialect), new { workspace, ids = session.Dialect.List(ids.Select(id => id.Value)) }, cancel);

    private static string KnownSql(Dialect dialect) => $"select id from contact where workspace_id = @workspace and {dialect.In("id", "@ids")} and deleted_at is null";
}
