using Microsoft.Extensions.Logging;
using Refrain.Engine.Webhooks;

namespace Refrain.Engine.Loops;

/// <summary>Sends news to webhooks, a batch at a time side by side: a receiver that is slow holds up a turn for fifteen seconds at most.</summary>
internal sealed class WebhookLoop(WebhookQueue queue, WebhookPost post, Wakeups wakeups, TimeProvider time, ILogger<WebhookLoop> logger) : Loop(wakeups, time, logger)
{
    private const int Batch = 50;
    private static readonly TimeSpan RestWhenTaken = TimeSpan.FromSeconds(1);
    private readonly TimeProvider time = time;

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        if (await queue.NextAsync(cancel) is not { } next) return UntilWoken;
        var now = time.Now();
        if (next > now) return (next - now).ToTimeSpan();
        var due = await queue.ClaimAsync(Batch, cancel);
        await Task.WhenAll(due.Select(delivery => DeliverAsync(delivery, cancel)));
        return due.Count > 0 ? TimeSpan.Zero : RestWhenTaken;
    }

    private async Task DeliverAsync(DueDelivery delivery, CancellationToken cancel) => await queue.StoreAsync(delivery, await post.SendAsync(delivery, cancel), cancel);
}
