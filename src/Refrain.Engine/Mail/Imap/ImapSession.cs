using MailKit;
using MailKit.Net.Imap;

namespace Refrain.Engine.Mail.Imap;

/// <summary>
/// The one connection of a mailbox, for one thing at a time. While nothing else is to be done it rests in IDLE; whoever wants something ends the rest.
/// </summary>
internal sealed class ImapSession(ImapLimits limits, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly Lock access = new();
    private ImapClient? client;
    private CancellationTokenSource? rest;
    private int revision;
    private int wanting;
    private long used = time.GetTimestamp();

    /// <summary>Something may have come into INBOX since this was last set to false.</summary>
    public bool Arrived { get; set; }

    public bool HasIdle { get; private set; } = true;

    /// <summary>Throws <see cref="InboxUnreadableException"/> for what the server or the network does. The work is begun once, on a connection that has just answered.</summary>
    public async Task<T> RunAsync<T>(MailboxAccount account, Func<ImapClient, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        await EnterAsync(cancel);
        try
        {
            using var timer = new CancellationTokenSource(limits.Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timer.Token);
            return await ReadAsync(account, async () => await work(await ReadyAsync(account, either.Token), either.Token), cancel);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Rests in IDLE. Returns when something may have come, when the time is over, or when somebody else wants the connection.</summary>
    public async Task RestAsync(MailboxAccount account, TimeSpan atMost, CancellationToken cancel)
    {
        if (!await gate.WaitAsync(atMost, cancel))
            return;
        try
        {
            using var patience = new CancellationTokenSource(limits.Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
            await ReadAsync(account, () => IdleAsync(account, atMost, patience, either.Token), cancel);
        }
        finally
        {
            Leave();
        }
    }

    public static async Task<IMailFolder> OpenInboxAsync(ImapClient client, CancellationToken cancel)
    {
        if (!client.Inbox!.IsOpen)
            await client.Inbox.OpenAsync(FolderAccess.ReadOnly, cancel);
        return client.Inbox;
    }

    /// <summary>Closes the connection when nobody has used it for long.</summary>
    public void Sweep()
    {
        if (time.GetElapsedTime(Interlocked.Read(ref used)) < limits.CloseAfter || !gate.Wait(0))
            return;
        Drop();
        gate.Release();
    }

    public void Dispose()
    {
        EndRest();
        Drop();
        gate.Dispose();
    }

    private async Task EnterAsync(CancellationToken cancel)
    {
        Interlocked.Increment(ref wanting);
        try
        {
            EndRest();
            await gate.WaitAsync(cancel);
        }
        finally
        {
            Interlocked.Decrement(ref wanting);
        }
    }

    private void Leave()
    {
        Interlocked.Exchange(ref used, time.GetTimestamp());
        gate.Release();
    }

    private async Task<T> ReadAsync<T>(MailboxAccount account, Func<Task<T>> work, CancellationToken cancel)
    {
        var (value, failure) = await Attempt.Of(work);
        if (failure is null)
            return value!;
        // A command that the server refused leaves the connection as it was.
        if (failure is not ImapCommandException)
            Drop();
        cancel.ThrowIfCancellationRequested();
        Attempt.ThrowUnlessExplained(failure);
        throw new InboxUnreadableException(ServerWords.Of(failure, account.Imap));
    }

    private async Task<ImapClient> ReadyAsync(MailboxAccount account, CancellationToken cancel)
    {
        if (client is { IsAuthenticated: true } open && revision == account.Revision && await Attempt.FailureOf(() => open.NoOpAsync(cancel)) is null)
            return open;
        Drop();
        client = new ImapClient();
        revision = account.Revision;
        await SignIn.OpenAsync(client, account.Imap, account.AllowInvalidCertificate, cancel);
        client.Inbox!.CountChanged += (_, _) => SomethingCame();
        return client;
    }

    private async Task<bool> IdleAsync(MailboxAccount account, TimeSpan atMost, CancellationTokenSource patience, CancellationToken cancel)
    {
        var ready = await ReadyAsync(account, cancel);
        await OpenInboxAsync(ready, cancel);
        HasIdle = ready.Capabilities.HasFlag(ImapCapabilities.Idle);
        using var done = new CancellationTokenSource(Least(atMost, limits.IdleFor), time);
        BeginRest(done);
        patience.CancelAfter(Timeout.InfiniteTimeSpan);
        // The server has to answer DONE in time.
        await using var ending = done.Token.Register(() => patience.CancelAfter(limits.Patience));
        try
        {
            if (HasIdle)
                await ready.IdleAsync(done.Token, cancel);
            return true;
        }
        finally
        {
            lock (access)
                rest = null;
        }
    }

    /// <summary>What came, or who came, before the rest began, ends it at once.</summary>
    private void BeginRest(CancellationTokenSource done)
    {
        lock (access)
            rest = done;
        if (Arrived || Volatile.Read(ref wanting) > 0)
            done.Cancel();
    }

    private void SomethingCame()
    {
        Arrived = true;
        EndRest();
    }

    private void EndRest()
    {
        lock (access)
            rest?.Cancel();
    }

    private void Drop()
    {
        client?.Dispose();
        client = null;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
