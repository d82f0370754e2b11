using Microsoft.Extensions.Logging;
using Refrain.Core;
using Refrain.Core.Mailboxes;
using Refrain.Engine.Mail;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Sending;

namespace Refrain.Engine.Loops;

/// <summary>
/// Keeps every mailbox read: one watcher each, in one of the processes, which sleeps in IDLE where the server has it. Its turn only starts and ends watchers,
/// when a mailbox or a process came, went or changed.
/// </summary>
internal sealed partial class InboxLoop(
    MailboxReaders readers, MailboxAccounts accounts, MailboxHealthKeeper health, IInbox inbox, Nodes nodes, Wakeups wakeups, TimeProvider time, ILogger<InboxLoop> logger)
    : Loop(wakeups, time, logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RestAfterBreak = TimeSpan.FromSeconds(5);
    private readonly Dictionary<MailboxId, Watcher> watchers = [];
    private readonly TimeProvider time = time;
    private readonly Wakeups wakeups = wakeups;

    protected override Wakeup? SleepsFor => Wakeup.Mailboxes;

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        var (open, closed) = await accounts.AllAsync(cancel);
        var mailboxes = open.Where(mailbox => nodes.Has(mailbox.Id.Value)).ToDictionary(mailbox => mailbox.Id);
        var broken = await EndWatchersAsync(mailboxes);
        foreach (var mailbox in mailboxes.Values)
            if (!watchers.ContainsKey(mailbox.Id))
                watchers[mailbox.Id] = StartWatcher(mailbox, broken.Contains(mailbox.Id) ? RestAfterBreak : TimeSpan.Zero, cancel);
        foreach (var mailbox in closed)
            if (mailbox.Health != MailboxHealth.Unhealthy && nodes.Has(mailbox.Id.Value))
                await health.CheckAsync(mailbox.Bucket, mailbox.Id, cancel);
        // Nothing tells when a key comes back.
        return closed.Count > 0 ? LongestWait : UntilWoken;
    }

    /// <summary>Ends those that are not wanted as they are, and clears away those that broke: which of them did.</summary>
    private async Task<HashSet<MailboxId>> EndWatchersAsync(Dictionary<MailboxId, MailboxInUse> mailboxes)
    {
        var broken = new HashSet<MailboxId>();
        foreach (var (id, watcher) in watchers.ToList())
        {
            var wanted = mailboxes.TryGetValue(id, out var mailbox) && mailbox.Account.Revision == watcher.Revision;
            if (wanted && !watcher.Task.IsCompleted) continue;
            watchers.Remove(id);
            if (watcher.Task.IsCompleted) broken.Add(id);
            if (await watcher.StopAsync() is { } failure and not OperationCanceledException) LogBroke(logger, id, failure);
        }

        return broken;
    }

    private Watcher StartWatcher(MailboxInUse mailbox, TimeSpan rest, CancellationToken cancel)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watching = Task.Run(() => WatchAsync(mailbox, rest, stop.Token), CancellationToken.None);
        // One that broke is started anew, and nothing else would wake this loop for it.
        _ = watching.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return new(mailbox.Account.Revision, watching, stop);
    }

    private async Task WatchAsync(MailboxInUse mailbox, TimeSpan rest, CancellationToken cancel)
    {
        if (rest > TimeSpan.Zero) await Task.Delay(rest, time, cancel);
        if (mailbox.Health == MailboxHealth.Checking) await health.CheckAsync(mailbox.Bucket, mailbox.Id, cancel);
        while (!cancel.IsCancellationRequested)
        {
            if (await readers.ReadSinceAsync(mailbox.Bucket, mailbox.Id, time.Now(), cancel))
                await WaitAsync(mailbox, cancel);
            else
                await Task.Delay(RestAfterFailure, time, cancel);
            await TryUnhealthyAsync(mailbox, cancel);
        }
    }

    private async Task WaitAsync(MailboxInUse mailbox, CancellationToken cancel)
    {
        try
        {
            await inbox.WaitAsync(mailbox.Account, LongestWait, cancel);
            wakeups.WakeAll();
        }
        catch (InboxUnreadableException unreadable)
        {
            LogWaitFailed(logger, mailbox.Id, unreadable.Message);
            await Task.Delay(RestAfterFailure, time, cancel);
        }
    }

    /// <summary>A mailbox that failed is tried again by itself.</summary>
    private async Task TryUnhealthyAsync(MailboxInUse mailbox, CancellationToken cancel)
    {
        if (await accounts.FindAsync(mailbox.Bucket, mailbox.Id, cancel) is { Health: MailboxHealth.Unhealthy })
            await health.CheckAsync(mailbox.Bucket, mailbox.Id, cancel);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for mail in mailbox {Mailbox} ended: {Reason}")]
    private static partial void LogWaitFailed(ILogger logger, MailboxId mailbox, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The watcher of mailbox {Mailbox} broke; it is started anew.")]
    private static partial void LogBroke(ILogger logger, MailboxId mailbox, Exception failure);

    private sealed record Watcher(int Revision, Task Task, CancellationTokenSource Stop)
    {
        /// <summary>What it ended with; null when it simply ended.</summary>
        public async Task<Exception?> StopAsync()
        {
            await Stop.CancelAsync();
            var failure = await Attempt.FailureOf(() => Task);
            Stop.Dispose();
            return failure;
        }
    }
}
