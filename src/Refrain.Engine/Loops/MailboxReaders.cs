using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Mailboxes;
using Refrain.Engine.Inbound;
using Refrain.Engine.Mail;
using Refrain.Engine.Mailboxes;

namespace Refrain.Engine.Loops;

/// <summary>Reads inboxes, each by one reader at a time; whoever needs a fresh look shares the one that runs.</summary>
internal sealed partial class MailboxReaders(
    IInbox inbox, InboundMail inbound, SentCopies copies, MailboxAccounts accounts, MailboxHealthKeeper health, TimeProvider time, ILogger<MailboxReaders> logger)
{
    private const int LookLimit = 200;
    private static readonly Duration UnreadableMeansDisconnected = Duration.FromMinutes(15);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<MailboxId, Reader> readers = new();

    /// <summary>Sees to it that the inbox was read after an instant, and what it held is applied. False when it cannot be read now.</summary>
    public async Task<bool> ReadSinceAsync(int bucket, MailboxId id, Instant since, CancellationToken cancel)
    {
        var reader = readers.GetOrAdd(id, _ => new());
        await reader.Gate.WaitAsync(cancel);
        try
        {
            if (reader.ReadAt >= since) return true;
            if (time.Now() < reader.RestUntil) return false;
            if (await accounts.FindAsync(bucket, id, cancel) is not { } mailbox) return false;
            return await ReadAsync(reader, mailbox, cancel);
        }
        finally
        {
            reader.Gate.Release();
        }
    }

    /// <summary>Whatever the reason, an inbox that is not read is known to be unread, and after a while disconnected; unless the database is away, which then says so itself.</summary>
    private async Task<bool> ReadAsync(Reader reader, MailboxInUse mailbox, CancellationToken cancel)
    {
        var (isRead, failure) = await Attempt.Of(async () =>
        {
            if (!await LookUntilEmptyAsync(reader, mailbox, cancel)) return false;
            await copies.SaveAsync(mailbox, cancel);
            return true;
        });
        if (failure is null) return isRead;
        if (failure is OperationCanceledException) ExceptionDispatchInfo.Throw(failure);
        if (failure is not InboxUnreadableException) LogReadFailed(logger, mailbox.Id, failure);
        await UnreadableAsync(reader, mailbox, failure, cancel);
        return false;
    }

    /// <summary>False when its settings changed meanwhile.</summary>
    private async Task<bool> LookUntilEmptyAsync(Reader reader, MailboxInUse mailbox, CancellationToken cancel)
    {
        var startedAt = time.Now();
        using var patience = new CancellationTokenSource(LongestLook, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        var cursor = mailbox.Cursor;
        try
        {
            InboxLook look;
            do
            {
                look = await inbox.LookAsync(mailbox.Account, cursor, LookLimit, either.Token);
                if (!await inbound.ApplyAsync(mailbox, look, startedAt, cancel)) return false;
                cursor = look.Cursor;
            }
            while (look.More);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new InboxUnreadableException($"The inbox did not answer within {LongestLook.TotalSeconds:0} s.");
        }
        reader.ReadAt = startedAt;
        if (mailbox.UnreadSince is not null) await health.CheckAsync(mailbox.Bucket, mailbox.Id, cancel);
        return true;
    }

    private async Task UnreadableAsync(Reader reader, MailboxInUse mailbox, Exception unreadable, CancellationToken cancel)
    {
        var now = time.Now();
        reader.RestUntil = now + Duration.FromSeconds(10);
        await health.MarkUnreadableAsync(mailbox, now, cancel);
        var since = mailbox.UnreadSince ?? now;
        if (now - since >= UnreadableMeansDisconnected && mailbox.Health != MailboxHealth.Unhealthy)
            await health.MarkUnhealthyAsync(mailbox, $"The inbox has not been readable since {since}: {unreadable.Message}", cancel);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading mailbox {Mailbox} failed; it is tried again.")]
    private static partial void LogReadFailed(ILogger logger, MailboxId mailbox, Exception failure);

    private sealed class Reader
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);
        public Instant ReadAt { get; set; } = Instant.MinValue;
        public Instant RestUntil { get; set; } = Instant.MinValue;
    }
}
