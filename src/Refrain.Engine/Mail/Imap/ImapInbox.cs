using System.Collections.Concurrent;
using MailKit.Net.Imap;
using Refrain.Core;

namespace Refrain.Engine.Mail.Imap;

/// <summary>Reads mailboxes over IMAP, each over one connection that rests in IDLE between two looks.</summary>
public sealed class ImapInbox : IInbox, IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly ImapLimits limits;
    private readonly ConcurrentDictionary<MailboxId, ImapSession> sessions = new();
    private readonly ITimer sweeper;

    public ImapInbox(TimeProvider time, ImapLimits? limits = null)
    {
        this.time = time;
        this.limits = limits ?? new();
        sweeper = time.CreateTimer(_ => Sweep(), null, this.limits.CloseAfter, this.limits.CloseAfter);
    }

    public Task<InboxLook> LookAsync(MailboxAccount account, InboxCursor? cursor, int limit, CancellationToken cancel)
    {
        var session = SessionOf(account);
        return session.RunAsync(account, (client, stop) => LookAsync(session, client, cursor, limit, stop), cancel);
    }

    public async Task WaitAsync(MailboxAccount account, TimeSpan atMost, CancellationToken cancel)
    {
        var (session, began) = (SessionOf(account), time.GetTimestamp());
        for (var left = atMost; left > TimeSpan.Zero; left = atMost - time.GetElapsedTime(began))
        {
            await session.RestAsync(account, left, cancel);
            if (session.Arrived)
                return;
            if (!session.HasIdle)
                await Task.Delay(left < limits.AskEvery ? left : limits.AskEvery, time, cancel);
        }
    }

    public async Task<IReadOnlySet<string>> FindInSentAsync(MailboxAccount account, IReadOnlyCollection<string> messageIds, CancellationToken cancel) =>
        messageIds.Count == 0 ? new HashSet<string>() : await SessionOf(account).RunAsync(account, (client, stop) => SentFolder.FindAsync(client, messageIds, stop), cancel);

    public Task SaveToSentAsync(MailboxAccount account, OutgoingEmail email, CancellationToken cancel) =>
        SessionOf(account).RunAsync(account, (client, stop) => SentFolder.SaveAsync(client, email, stop), cancel);

    public async Task<string?> CheckAsync(MailboxAccount account, CancellationToken cancel)
    {
        using var session = new ImapSession(limits, time);
        try
        {
            await session.RunAsync(account, ImapSession.OpenInboxAsync, cancel);
            return null;
        }
        catch (InboxUnreadableException unreadable)
        {
            return unreadable.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await sweeper.DisposeAsync();
        foreach (var session in sessions.Values)
            session.Dispose();
    }

    private ImapSession SessionOf(MailboxAccount account) => sessions.GetOrAdd(account.Id, _ => new(limits, time));

    private async Task<InboxLook> LookAsync(ImapSession session, ImapClient client, InboxCursor? cursor, int limit, CancellationToken cancel)
    {
        var inbox = await ImapSession.OpenInboxAsync(client, cancel);
        // From here on; what came before is in view.
        session.Arrived = false;
        return await InboxReading.LookAsync((IImapFolder)inbox, cursor, limit, limits, time.GetUtcNow(), cancel);
    }

    private void Sweep()
    {
        foreach (var session in sessions.Values)
            session.Sweep();
    }
}
