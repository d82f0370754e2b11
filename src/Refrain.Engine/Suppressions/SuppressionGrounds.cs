using NodaTime;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Suppressions;

/// <summary>
/// Why an address is suppressed: a row for each message and each person that asked for it. The suppression stands as long as one of them does; an opt-out outranks
/// the others, and else the first of them is its reason.
/// </summary>
internal static class SuppressionGrounds
{
    private const string GroundSql = """
        insert into suppression_ground (workspace_id, value, reason, source, created_at, message_id) values (@workspace, @value, @reason, @source, @at, @message)
        on conflict do nothing
        """;

    private const string SuppressSql = """
        insert into suppression (workspace_id, id, value, reason, source, created_at) values (@workspace, @id, @value, @reason, @source, @at)
        on conflict (workspace_id, value) do update set reason = excluded.reason, source = excluded.source
        where suppression.reason in ('bounced', 'manual') and excluded.reason in ('opted_out', 'complained')
        """;

    private const string OfMessageSql = "select distinct value from suppression_ground where workspace_id = @workspace and message_id = @message order by value";

    // Locked before the grounds are read: whoever adds one to a standing suppression waits for its row, or is waited for.
    private const string LockSql = "select id from suppression where workspace_id = @workspace and value = @value";

    private const string ForgetSql = "delete from suppression_ground where workspace_id = @workspace and value = @value and message_id = @message";

    private const string StandingSql = """
        select reason as Reason, source as Source, message_id as Message from suppression_ground where workspace_id = @workspace and value = @value
        order by case when reason in ('opted_out', 'complained') then 0 else 1 end, created_at, message_id limit 1
        """;

    private const string TurnSql = "update suppression set reason = @Reason, source = @Source where workspace_id = @workspace and value = @value";

    private const string LiftSql = "delete from suppression where workspace_id = @workspace and value = @value";

    private const string ForgetAllSql = "delete from suppression_ground where workspace_id = @workspace and value = @value";

    /// <summary>False when the same was said before. <paramref name="id"/>: what the suppression will be called if there is none yet.</summary>
    public static async Task<bool> AddAsync(
        Session session, WorkspaceId workspace, Guid id, string value, string reason, string source, Instant at, MessageId? message, CancellationToken cancel)
    {
        var ground = new { workspace, id, value, reason, source, at, message };
        var isNew = await session.ExecuteAsync(GroundSql, ground, cancel) == 1;
        await session.ExecuteAsync(SuppressSql, ground, cancel);
        return isNew;
    }

    /// <summary>A message is no ground any more.</summary>
    public static async Task WithdrawAsync(Session session, WorkspaceId workspace, MessageId message, CancellationToken cancel)
    {
        foreach (var value in await session.QueryAsync<string>(OfMessageSql, new { workspace, message }, cancel))
        {
            await session.ExecuteAsync($"{LockSql} {session.Dialect.ForUpdate}", new { workspace, value }, cancel);
            await session.ExecuteAsync(ForgetSql, new { workspace, value, message }, cancel);
            if (await StandingAsync(session, workspace, value, cancel) is { } left)
                await session.ExecuteAsync(TurnSql, new { workspace, value, left.Reason, left.Source }, cancel);
            else
                await session.ExecuteAsync(LiftSql, new { workspace, value }, cancel);
        }
    }

    /// <summary>Somebody lifts the suppression, whatever its grounds were.</summary>
    public static async Task LiftAsync(Session session, WorkspaceId workspace, string value, CancellationToken cancel)
    {
        await session.ExecuteAsync(ForgetAllSql, new { workspace, value }, cancel);
        await session.ExecuteAsync(LiftSql, new { workspace, value }, cancel);
    }

    /// <summary>The ground that counts most; null when there is none.</summary>
    public static Task<SuppressionGround?> StandingAsync(Session session, WorkspaceId workspace, string value, CancellationToken cancel) =>
        session.FirstAsync<SuppressionGround>(StandingSql, new { workspace, value }, cancel);
}

/// <summary>One reason to suppress an address. <see cref="Message"/>: the one that came in and said so; null where none did.</summary>
internal sealed class SuppressionGround
{
    public string Reason { get; init; } = "";
    public string Source { get; init; } = "";
    public MessageId? Message { get; init; }
}
