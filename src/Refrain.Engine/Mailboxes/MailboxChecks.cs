using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Mailboxes;

/// <summary>Tries a mailbox when somebody asks. What was never tried with its settings is tried by its watcher.</summary>
public sealed class MailboxChecks
{
    private readonly Database database;
    private readonly MailboxHealthKeeper health;

    internal MailboxChecks(Database database, MailboxHealthKeeper health) => (this.database, this.health) = (database, health);

    private const string OneSql =
        $"""
        select {MailboxRow.Columns} from mailbox where workspace_id = @workspace and bucket in (select number from bucket) and id = @id and deleted_at is null
        """;

    /// <summary>Signs in to both servers now. Null = no such mailbox.</summary>
    public async Task<MailboxState?> CheckAsync(WorkspaceId workspace, MailboxId id, CancellationToken cancel)
    {
        if (await FindAsync(workspace, id, cancel) is not { } row) return null;
        await health.CheckAsync(row.Bucket, id, cancel);
        return (await FindAsync(workspace, id, cancel))?.ToState();
    }

    private Task<MailboxRow?> FindAsync(WorkspaceId workspace, MailboxId id, CancellationToken cancel) =>
        database.ReadAsync(session => session.FirstAsync<MailboxRow>(OneSql, new { workspace, id }, cancel), cancel);
}
