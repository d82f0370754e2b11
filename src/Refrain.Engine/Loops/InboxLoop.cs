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
    private readonly Dictionary<MailboxId, Watcher> watchers = [];
    private readonly TimeProvider time = time;
    private readonly Wakeups wakeups = wakeups;

    protected override Wakeup? SleepsFor => Wakeup.Mailboxes;

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        var mailboxes = (await accounts.AllAsync(cancel)).Where(mailbox => nodes.Has(mailbox.Id.Value)).ToDictionary(mailbox => mailbox.Id);
        foreach (var (id, watcher) in watchers.ToList())
        {
            var wanted = mailboxes.TryGetValue(id, out var mailbox) && mailbox.Account.Revision == watcher.Revision;
            if (wanted && !watcher.Task.IsCompleted) continue;
            watchers.Remove(id);
            await watcher.StopAsync();
        }
        foreach (var mailbox in mailboxes.Values)
            if (!watchers.ContainsKey(mailbox.Id))
                watchers[mailbox.Id] = StartWatcher(mailbox, cancel);
        return UntilWoken;
    }

    private Watcher StartWatcher(MailboxInUse mailbox, CancellationToken cancel)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watching = Task.Run(() => WatchAsync(mailbox, stop.Token), CancellationToken.None);
        // One that broke is started anew, and nothing else would wake this loop for it.
        _ = watching.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return new(mailbox.Account.Revision, watching, stop);
    }

    private async Task WatchAsync(MailboxInUse mailbox, CancellationToken cancel)
    {
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

    private sealed record Watcher(int Revision, Task Task, CancellationTokenSource Stop)
    {
        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            try
            {
                await Task;
            }
            catch (OperationCanceledException)
            {
                // It was told to.
            }
            finally
            {
                Stop.Dispose();
            }
        }
    }
}
