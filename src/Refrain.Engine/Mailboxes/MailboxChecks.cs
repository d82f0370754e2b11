using Microsoft.Extensions.Logging;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Loops;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Mailboxes;

/// <summary>Tries mailboxes: one when somebody asks, and by itself each one that was never tried with the settings that it has.</summary>
public sealed class MailboxChecks
{
    private readonly Database database;
    private readonly MailboxHealthKeeper health;

    internal MailboxChecks(Database database, MailboxHealthKeeper health) => (this.database, this.health) = (database, health);

    private const string OneSql =
        $"""
        select {MailboxRow.Columns} from mailbox where workspace_id = @workspace and bucket in (select number from bucket) and id = @id and deleted_at is null
        """;

    private const string UntriedSql =
        $"""
        select {MailboxRow.Columns} from mailbox where health = 'checking' and deleted_at is null order by health_since limit 20
        """;

    /// <summary>Signs in to both servers now. Null = no such mailbox.</summary>
    public async Task<MailboxState?> CheckAsync(WorkspaceId workspace, MailboxId id, CancellationToken cancel)
    {
        if (await FindAsync(workspace, id, cancel) is not { } row) return null;
        await health.CheckAsync(row.Bucket, id, cancel);
        return (await FindAsync(workspace, id, cancel))?.ToState();
    }

    /// <summary>Tries those that were never tried; gives how many there were.</summary>
    internal async Task<int> CheckUntriedAsync(CancellationToken cancel)
    {
        var untried = await database.ReadAsync(session => session.QueryAsync<MailboxRow>(UntriedSql, null, cancel), cancel);
        await Task.WhenAll(untried.Select(row => health.CheckAsync(row.Bucket, row.Id, cancel)));
        return untried.Count;
    }

    private Task<MailboxRow?> FindAsync(WorkspaceId workspace, MailboxId id, CancellationToken cancel) =>
        database.ReadAsync(session => session.FirstAsync<MailboxRow>(OneSql, new { workspace, id }, cancel), cancel);
}

/// <summary>Tries new mailboxes soon after they were made.</summary>
internal sealed class MailboxCheckLoop(MailboxChecks checks, Wakeups wakeups, TimeProvider time, ILogger<MailboxCheckLoop> logger) : Loop(wakeups, time, logger)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel) => await checks.CheckUntriedAsync(cancel) > 0 ? TimeSpan.FromSeconds(1) : Rest;
}
