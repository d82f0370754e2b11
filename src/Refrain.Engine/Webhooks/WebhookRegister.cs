using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Webhooks;

/// <summary>The webhooks of a workspace and what was sent to them.</summary>
public sealed class WebhookRegister
{
    private const int LongestUrl = 2000;
    private readonly Database database;
    private readonly WebhookSecrets secrets;
    private readonly TimeProvider time;
    private readonly Wakeups wakeups;

    internal WebhookRegister(Database database, WebhookSecrets secrets, TimeProvider time, Wakeups wakeups) =>
        (this.database, this.secrets, this.time, this.wakeups) = (database, secrets, time, wakeups);

    private const string InsertSql =
        """
        insert into webhook (id, workspace_id, url, secret, events, created_at) values (@id, @workspace, @url, @secret, @events, @now)
        """;

    private const string ListSql =
        $"""
        select {WebhookRow.Columns} from webhook where workspace_id = @workspace and deleted_at is null and id > @after order by id limit @limit
        """;

    private const string OneSql =
        $"""
        select {WebhookRow.Columns} from webhook where workspace_id = @workspace and deleted_at is null and id = @id
        """;

    private const string DeleteSql = "update webhook set deleted_at = @now, secret = '' where workspace_id = @workspace and id = @id and deleted_at is null";

    private const string ForgetSql = "update webhook_delivery set status = 'failed', next_at = null, answer = 'the webhook was deleted' where webhook_id = @id and status = 'waiting'";

    private const string DeliveriesSql =
        $"""
        select {DeliveryRow.Columns} from webhook_delivery where webhook_id = @id and id > @after order by id limit @limit
        """;

    private const string EnableSql = "update webhook set disabled_at = null where workspace_id = @workspace and id = @id and deleted_at is null";

    private const string ReplaySql =
        """
        update webhook_delivery set status = 'waiting', attempts = 0, next_at = @now where webhook_id = @id and created_at >= @since
        """;

    public async Task<Answer<Webhook>> AddAsync(WorkspaceId workspace, NewWebhook webhook, CancellationToken cancel)
    {
        var findings = new Findings();
        findings.Length("url", webhook.Url, LongestUrl);
        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0)
            findings.Add("url", "invalid_url", "A webhook needs an address that begins with https:// or http://, without a user in it.");
        if (webhook.Events is { Count: 0 }) findings.Add("events", "required", $"Name at least one of {string.Join(", ", WireName.All<WebhookEvent>())}, or leave events out.");
        if (webhook.Secret is { } given && !WebhookSecrets.IsSecret(given))
            findings.Add("secret", "invalid_secret", $"A secret is {WebhookSecrets.Prefix} and base64 of 24 to 64 bytes; without one, one is made.");
        if (findings.Any) return new Answer<Webhook>.Wrong(findings.All);
        var (id, now, secret) = (Guid.CreateVersion7(), time.Now(), webhook.Secret ?? WebhookSecrets.New());
        IReadOnlyList<WebhookEvent> events = webhook.Events is null ? [WebhookEvent.StateChanged] : [.. webhook.Events.Distinct()];
        await database.WriteAsync(session => session.ExecuteAsync(InsertSql,
            new { id, workspace, url = url!.AbsoluteUri, secret = secrets.Protect(secret), events = string.Join(' ', events.Select(WireName.Of)), now }, cancel), cancel);
        return new Webhook(id.ToString("N"), url!.AbsoluteUri, events, now.ToDateTimeOffset(), null, secret);
    }

    public async Task<Page<Webhook>> ListAsync(WorkspaceId workspace, Guid after, int limit, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(session => session.QueryAsync<WebhookRow>(ListSql, new { workspace, after, limit = limit + 1 }, cancel), cancel);
        return Paging.Cut(rows, limit, row => row.Id.ToString("N"), row => row.ToWebhook());
    }

    /// <summary>What waits for it is given up. False = no such webhook.</summary>
    public Task<bool> DeleteAsync(WorkspaceId workspace, Guid id, CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            if (await session.ExecuteAsync(DeleteSql, new { workspace, id, now = time.Now() }, cancel) == 0) return false;
            await session.ExecuteAsync(ForgetSql, new { id }, cancel);
            return true;
        },
        cancel);

    /// <summary>Null = no such webhook.</summary>
    public Task<Page<WebhookDelivery>?> DeliveriesAsync(WorkspaceId workspace, Guid id, Guid after, int limit, CancellationToken cancel) => database.ReadAsync(
        async session =>
        {
            if (await session.FirstAsync<WebhookRow>(OneSql, new { workspace, id }, cancel) is null) return null;
            var rows = await session.QueryAsync<DeliveryRow>(DeliveriesSql, new { id, after, limit = limit + 1 }, cancel);
            return Paging.Cut(rows, limit, row => row.Id.ToString("N"), row => row.ToDelivery());
        },
        cancel);

    /// <summary>Sends again what happened since an instant, in order; a webhook that was disabled listens again. Null = no such webhook.</summary>
    public async Task<WebhookReplayed?> ReplayAsync(WorkspaceId workspace, Guid id, Instant since, CancellationToken cancel)
    {
        var replayed = await database.WriteAsync(async session => await session.ExecuteAsync(EnableSql, new { workspace, id }, cancel) == 0
            ? null
            : new WebhookReplayed(await session.ExecuteAsync(ReplaySql, new { id, since, now = time.Now() }, cancel)), cancel);
        wakeups.WakeAll();
        return replayed;
    }

    private sealed class WebhookRow
    {
        public const string Columns = "id as Id, url as Url, events as Events, created_at as CreatedAt, disabled_at as DisabledAt";

        public Guid Id { get; init; }
        public string Url { get; init; } = "";
        public string Events { get; init; } = "";
        public Instant CreatedAt { get; init; }
        public Instant? DisabledAt { get; init; }

        public Webhook ToWebhook() => new(
            Id.ToString("N"), Url, [.. Events.Split(' ').Select(WireName.Parse<WebhookEvent>)], CreatedAt.ToDateTimeOffset(), DisabledAt?.ToDateTimeOffset());
    }

    private sealed class DeliveryRow
    {
        public const string Columns =
            """
            id as Id, enrollment_id as Enrollment, event as Event, status as Status, attempts as Attempts, answer as Answer, created_at as CreatedAt, next_at as NextAt
            """;

        public Guid Id { get; init; }
        public EnrollmentId Enrollment { get; init; }
        public string Event { get; init; } = "";
        public string Status { get; init; } = "";
        public int Attempts { get; init; }
        public string? Answer { get; init; }
        public Instant CreatedAt { get; init; }
        public Instant? NextAt { get; init; }

        public WebhookDelivery ToDelivery() => new(
            Id.ToString("N"), Enrollment.ToString(), WireName.Parse<WebhookEvent>(Event), WireName.Parse<DeliveryStatus>(Status), Attempts, Answer,
            CreatedAt.ToDateTimeOffset(), NextAt?.ToDateTimeOffset());
    }
}
