using NodaTime;

namespace Refrain.Engine.Mail;

/// <summary>
/// How far a folder was read (RFC 3501 section 2.3.1.1): the UIDVALIDITY and the highest UID seen. <paramref name="Since"/>: there are no numbers to go by, because
/// the account is another one or has another name; what came before this instant was read or is not to be.
/// </summary>
public sealed record InboxCursor(uint UidValidity, uint LastUid, Instant? Since = null)
{
    public static InboxCursor From(Instant since) => new(0, 0, since);
}

/// <summary>One message as it lies on the server. <paramref name="Raw"/> is cut at 1 MiB; <paramref name="Size"/> is its whole length in octets.</summary>
public sealed record IncomingMessage(string Folder, uint UidValidity, uint Uid, byte[] Raw, long Size);

/// <summary>What one look at the inbox gave: the new messages in UID order, and the cursor after them. <paramref name="More"/>: the look was cut at its limit and there are others.</summary>
public sealed record InboxLook(IReadOnlyList<IncomingMessage> Messages, InboxCursor Cursor, bool More);

/// <summary>The mailbox cannot be read: the server's words or the network's.</summary>
public sealed class InboxUnreadableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The way in: IMAP, or the pretend world of the rehearsal. Reads with PEEK: no flag is changed, nothing is moved or deleted. Throws <see cref="InboxUnreadableException"/> when the server cannot be used.</summary>
public interface IInbox
{
    /// <summary>What came into INBOX after the cursor, at most <paramref name="limit"/> messages. A null cursor (or a new UIDVALIDITY with no message known) starts at the end: what lay there before Refrain is not read. After a change of UIDVALIDITY everything since is given again: the reader knows a message by its Message-ID. So is what came since an instant, some minutes before it included.</summary>
    Task<InboxLook> LookAsync(MailboxAccount account, InboxCursor? cursor, int limit, CancellationToken cancel);

    /// <summary>Returns when something may have come (IDLE, RFC 2177), or after <paramref name="atMost"/> where the server does not tell.</summary>
    Task WaitAsync(MailboxAccount account, TimeSpan atMost, CancellationToken cancel);

    /// <summary>Which of these Message-IDs (without angle brackets) lie in the Sent folder.</summary>
    Task<IReadOnlySet<string>> FindInSentAsync(MailboxAccount account, IReadOnlyCollection<string> messageIds, CancellationToken cancel);

    /// <summary>Puts a copy into the Sent folder, as read.</summary>
    Task SaveToSentAsync(MailboxAccount account, OutgoingEmail email, CancellationToken cancel);

    /// <summary>Connects, signs in and opens INBOX. Null when that works, else the server's words.</summary>
    Task<string?> CheckAsync(MailboxAccount account, CancellationToken cancel);
}
