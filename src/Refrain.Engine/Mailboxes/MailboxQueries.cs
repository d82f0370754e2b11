using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Mailboxes;

/// <summary>Reads mailboxes, without their secrets.</summary>
public sealed class MailboxQueries(Database database)
{
    private const string OneSql =
        $"""
        select {MailboxRow.Columns} from mailbox where workspace_id = @workspace and bucket in (select number from bucket) and id = @id and deleted_at is null
        """;

    private const string ListSql =
        $"""
        select {MailboxRow.Columns} from mailbox where workspace_id = @workspace and deleted_at is null and id > @after order by id limit @limit
        """;

    public async Task<Mailbox?> FindAsync(WorkspaceId workspace, MailboxId id, CancellationToken cancel) =>
        (await database.ReadAsync(session => session.FirstAsync<MailboxRow>(OneSql, new { workspace, id }, cancel), cancel))?.ToMailbox();

    public async Task<Page<Mailbox>> ListAsync(WorkspaceId workspace, Guid after, int limit, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(session => session.QueryAsync<MailboxRow>(ListSql, new { workspace, after, limit = limit + 1 }, cancel), cancel);
        return Paging.Cut(rows, limit, row => row.Id.ToString(), row => row.ToMailbox());
    }
}
