using Microsoft.Extensions.Logging;
using NodaTime;
using Refrain.Engine.Webhooks;

namespace Refrain.Engine.Loops;

/// <summary>Sends news to webhooks, a batch at a time side by side: a receiver that is slow holds up a turn for fifteen seconds at most.</summary>
internal sealed class WebhookLoop(WebhookQueue queue, WebhookPost post, Wakeups wakeups, TimeProvider time, ILogger<WebhookLoop> logger) : QueueLoop(wakeups, time, logger)
{
    private const int Batch = 50;

    protected override Task<Instant?> NextAsync(CancellationToken cancel) => queue.NextAsync(cancel);

    protected override async Task<bool> WorkAsync(CancellationToken cancel)
    {
        var due = await queue.ClaimAsync(Batch, cancel);
        await Task.WhenAll(due.Select(delivery => DeliverAsync(delivery, cancel)));
        return due.Count > 0;
    }

    private async Task DeliverAsync(DueDelivery delivery, CancellationToken cancel) => await queue.StoreAsync(delivery, await post.SendAsync(delivery, cancel), cancel);
}
