using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;
using EnrollmentEvent = Refrain.Engine.Enrollments.EnrollmentEvent;

namespace Refrain.Engine.Webhooks;

/// <summary>Puts news on their way in the transaction that they tell of: what was rolled back is never told, and what was committed is told though the process dies.</summary>
internal static class WebhookNewsBook
{
    private const string ListeningSql = "select id as Id, workspace_id as Workspace, events as Events from webhook where deleted_at is null and disabled_at is null";

    private const string OwnersSql = "select id as Id, workspace_id as Workspace from enrollment where bucket in (select number from bucket) and";

    private static readonly Table<Told> Deliveries = new("webhook_delivery",
        new("webhook_id", ColumnType.Uuid, row => row.Webhook),
        new("enrollment_id", ColumnType.Uuid, row => row.Line.Enrollment.Value),
        new("ordinal", ColumnType.Integer, row => row.Line.Ordinal),
        new("id", ColumnType.Uuid, row => row.Id),
        new("event", ColumnType.Text, row => StoredName.Of(row.Event)),
        new("created_at", ColumnType.Instant, row => row.Line.At),
        new("next_at", ColumnType.Instant, row => row.Line.At));

    /// <summary>Without a webhook it costs one read of an empty table.</summary>
    public static async Task TellAsync(Session session, IReadOnlyList<EnrollmentEvent> lines, CancellationToken cancel)
    {
        if (lines.Count == 0 || await session.QueryAsync<Listening>(ListeningSql, null, cancel) is not { Count: > 0 } listening) return;
        var owners = (await session.QueryAsync<Owner>($"{OwnersSql} {session.Dialect.In("id", "@ids")}",
            new { ids = session.Dialect.List(lines.Select(line => line.Enrollment.Value).Distinct()) }, cancel)).ToDictionary(owner => owner.Id, owner => owner.Workspace);
        await session.InsertAsync(Deliveries, [.. from webhook in listening
                                                  from line in lines
                                                  where webhook.Workspace == owners[line.Enrollment] && webhook.Wants(EventOf(line))
                                                  select new Told(webhook.Id, Guid.CreateVersion7(), EventOf(line), line)], cancel);
    }

    private static WebhookEvent EventOf(EnrollmentEvent line) => line.From == line.To ? WebhookEvent.Noted : WebhookEvent.StateChanged;

    private sealed record Told(Guid Webhook, Guid Id, WebhookEvent Event, EnrollmentEvent Line);

    private sealed class Owner
    {
        public EnrollmentId Id { get; init; }
        public WorkspaceId Workspace { get; init; }
    }

    private sealed class Listening
    {
        public Guid Id { get; init; }
        public WorkspaceId Workspace { get; init; }
        public string Events { get; init; } = "";

        public bool Wants(WebhookEvent kind) => Events.Split(' ').Contains(StoredName.Of(kind), StringComparer.Ordinal);
    }
}
