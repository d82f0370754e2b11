using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Refrain.Core;
using Refrain.Core.Sending;
using Refrain.Engine.Mail;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Sending;

namespace Refrain.Engine.Loops;

/// <summary>Sends what is intended, each mailbox in a lane of its own, so that a slow server holds up only its own mailbox.</summary>
internal sealed class SendLoop(
    Outbox outbox, Outcomes outcomes, MailboxAccounts accounts, MailboxHealthKeeper health, IMailSender sender, Wakeups wakeups, TimeProvider time, ILogger<SendLoop> logger)
    : Loop(wakeups, time, logger)
{
    private const int BatchSize = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<MailboxId, Task> lanes = new();
    private readonly TimeProvider time = time;
    private readonly Wakeups wakeups = wakeups;

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        foreach (var (mailbox, lane) in lanes)
            if (lane.IsCompleted && lanes.TryRemove(mailbox, out var ended))
                await ended;
        foreach (var mailbox in await outbox.BusyMailboxesAsync(time.Now(), cancel))
            if (!lanes.ContainsKey(mailbox.Id))
                lanes[mailbox.Id] = DrainAsync(mailbox, cancel);
        if (lanes.IsEmpty) return UntilWoken;
        await Task.WhenAny(Task.WhenAll(lanes.Values), Task.Delay(Patience, time, cancel));
        return lanes.Values.All(lane => lane.IsCompleted) ? TimeSpan.Zero : LongestRest;
    }

    /// <summary>Told to stop, it waits for its lanes: what is in a server's hands gets its outcome.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await base.ExecuteAsync(stoppingToken);
        await Task.WhenAll(lanes.Values);
    }

    private async Task DrainAsync(MailboxKey key, CancellationToken cancel)
    {
        await Task.Yield();
        var mailbox = await accounts.FindAsync(key.Bucket, key.Id, CancellationToken.None) ?? throw new InvalidOperationException($"Mailbox {key.Id} cannot be opened.");
        while (!cancel.IsCancellationRequested && await SendBatchAsync(key, mailbox, cancel) == BatchSize)
            continue;
        wakeups.WakeAll();
    }

    // From the mark handed on nothing is given up half-way: a mark without an outcome needs a person.
    private async Task<int> SendBatchAsync(MailboxKey key, MailboxInUse mailbox, CancellationToken cancel)
    {
        var handed = await outbox.HandAsync(key, time.Now(), BatchSize, CancellationToken.None);
        if (handed.Count == 0) return 0;
        InjectionPoints.Pass(InjectionPoints.AfterHanded);
        var sent = new List<Sent>(handed.Count);
        try
        {
            foreach (var message in handed)
            {
                sent.Add(await SendAsync(mailbox, message, sent.LastOrDefault(), cancel));
                InjectionPoints.Pass(InjectionPoints.InsideBatch);
            }
        }
        finally
        {
            await StoreAsync(mailbox, [.. sent, .. handed.Skip(sent.Count + 1).Select(untried => new Sent(untried, new SendOutcome.Stopped()))]);
        }
        return handed.Count;
    }

    private async Task StoreAsync(MailboxInUse mailbox, IReadOnlyList<Sent> sent)
    {
        InjectionPoints.Pass(InjectionPoints.BeforeOutcome);
        await outcomes.StoreAsync(sent, mailbox.Account.SaveToSent, CancellationToken.None);
        if (sent.Select(one => one.Outcome).OfType<SendOutcome.MailboxUnusable>().FirstOrDefault() is { } unusable)
            await health.MarkUnhealthyAsync(mailbox, unusable.Answer, CancellationToken.None);
    }

    /// <summary>After one message could not be given to this mailbox's server, or the process was told to stop, the rest of the batch is not tried: it was never handed over, and goes back.</summary>
    private async Task<Sent> SendAsync(MailboxInUse mailbox, HandedMessage message, Sent? before, CancellationToken cancel)
    {
        if (before?.Outcome is SendOutcome.MailboxUnusable unusable) return new(message, unusable);
        if (cancel.IsCancellationRequested) return new(message, new SendOutcome.Stopped());
        try
        {
            var outcome = await sender.SendAsync(mailbox.Account, message.From(mailbox), () => outbox.MayStillGo(message), cancel);
            if (outcome is SendOutcome.Accepted) InjectionPoints.Pass(InjectionPoints.AfterAccepted);
            return new(message, outcome);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new(message, new SendOutcome.Stopped());
        }
    }
}
