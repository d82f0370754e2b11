namespace Refrain.Contracts;

public enum WebhookEvent
{
    /// <summary>An enrollment was made or came into another state.</summary>
    StateChanged,

    /// <summary>Any other line of a timeline.</summary>
    Noted,
}

/// <summary>
/// Where to send news of enrollments. <paramref name="Secret"/>: <c>whsec_</c> and base64 of 24 to 64 bytes, as Standard Webhooks has it; null = one is made.
/// </summary>
public sealed record NewWebhook(string Url, IReadOnlyList<WebhookEvent>? Events = null, string? Secret = null);

/// <summary>A webhook. <paramref name="Secret"/> is told once, in the answer to its making.</summary>
public sealed record Webhook(string Id, string Url, IReadOnlyList<WebhookEvent> Events, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, string? Secret = null);

public enum DeliveryStatus
{
    Waiting,
    Delivered,
    Failed,
}

/// <summary>
/// One piece of news on its way. <paramref name="Id"/> is the header <c>webhook-id</c>, the same at every attempt. <paramref name="Answer"/>: the last status or error.
/// </summary>
public sealed record WebhookDelivery(
    string Id, string EnrollmentId, WebhookEvent Event, DeliveryStatus Status, int Attempts, string? Answer, DateTimeOffset CreatedAt, DateTimeOffset? NextAt);

/// <summary>Send again what happened since an instant.</summary>
public sealed record WebhookReplay(DateTimeOffset Since);

/// <summary>How many are sent again.</summary>
public sealed record WebhookReplayed(int Deliveries);

/// <summary>The body of a webhook: the line of the timeline, and whose it is.</summary>
public sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, WebhookNews Data);

/// <summary>What happened. <paramref name="Ordinal"/> counts the lines of one enrollment; they come in this order.</summary>
public sealed record WebhookNews(
    string EnrollmentId, int Ordinal, string ContactId, string SequenceId, string Signal, string? From, string To, string Why, string WhyCode, string Actor, string? MessageId);
