using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Mail;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Mailboxes;

/// <summary>Knows whether a mailbox works: tries both of its servers, keeps their words, and lets what failed for it come back by itself.</summary>
public sealed class MailboxHealthKeeper
{
    private const string SealedReason = "The password that is stored for it cannot be decrypted: its key is not in the key ring. Enter the password again.";

    private readonly Database database;
    private readonly EnrollmentStore door;
    private readonly IMailSender sender;
    private readonly IInbox inbox;
    private readonly MailboxAccounts accounts;
    private readonly TimeProvider time;
    private readonly Wakeups wakeups;

    internal MailboxHealthKeeper(
        Database database, EnrollmentStore door, IMailSender sender, IInbox inbox, MailboxAccounts accounts, TimeProvider time, Wakeups wakeups) =>
        (this.database, this.door, this.sender, this.inbox, this.accounts, this.time, this.wakeups) = (database, door, sender, inbox, accounts, time, wakeups);

    private const string HealthSql = """
        update mailbox set health = @health, health_reason = @reason,
            health_since = case when health = @health then health_since else @now end,
            unread_since = case when @health = 'healthy' then null else unread_since end
        where bucket = @bucket and id = @id and deleted_at is null
        """;

    private const string UnreadSql = "update mailbox set unread_since = @now where bucket = @bucket and id = @id and unread_since is null";

    private const string WaitingSql = """
        select bucket as Bucket, id as Id from enrollment
        where bucket = @bucket and mailbox_id = @id and waits_for in ('sender', 'resume') and failure_cause = 'mailbox_disconnected' limit 500
        """;

    /// <summary>Tries to sign in to both servers now, and stores what they say. Null when both work; also null when there is no such mailbox.</summary>
    public async Task<string?> CheckAsync(int bucket, MailboxId id, CancellationToken cancel)
    {
        if (await accounts.FindAsync(bucket, id, cancel) is not { } mailbox)
            return await MarkUnhealthyAsync(bucket, id, SealedReason, cancel) ? SealedReason : null;
        var smtp = await sender.CheckAsync(mailbox.Account, cancel);
        var imap = await inbox.CheckAsync(mailbox.Account, cancel);
        var reason = smtp is null ? imap is null ? null : $"IMAP: {imap}" : imap is null ? $"SMTP: {smtp}" : $"SMTP: {smtp} IMAP: {imap}";
        if (reason is null) await MarkHealthyAsync(mailbox, cancel);
        else await MarkUnhealthyAsync(mailbox, reason, cancel);
        return reason;
    }

    internal Task MarkUnhealthyAsync(MailboxInUse mailbox, string reason, CancellationToken cancel) => MarkUnhealthyAsync(mailbox.Bucket, mailbox.Id, reason, cancel);

    internal async Task MarkHealthyAsync(MailboxInUse mailbox, CancellationToken cancel)
    {
        await SetAsync(mailbox.Bucket, mailbox.Id, MailboxHealth.Healthy, null, cancel);
        IReadOnlyList<RunKey> waiting;
        do
        {
            waiting = await database.ReadAsync(session => session.QueryAsync<RunKey>(WaitingSql, new { bucket = mailbox.Bucket, id = mailbox.Id }, cancel), cancel);
            await door.ApplyAsync(null, [.. waiting.Select(run => new Knock(run.Bucket, run.Id, _ => new SenderBack(time.Now(), FailureCause.MailboxDisconnected)))], cancel);
        }
        while (waiting.Count == 500);
    }

    /// <summary>Remembers since when the inbox cannot be read.</summary>
    internal Task MarkUnreadableAsync(MailboxInUse mailbox, Instant now, CancellationToken cancel) =>
        database.WriteAsync(session => session.ExecuteAsync(UnreadSql, new { now, bucket = mailbox.Bucket, id = mailbox.Id }, cancel), cancel);

    private async Task<bool> MarkUnhealthyAsync(int bucket, MailboxId id, string reason, CancellationToken cancel)
    {
        var there = await SetAsync(bucket, id, MailboxHealth.Unhealthy, reason, cancel) > 0;
        if (there) wakeups.WakeAll();
        return there;
    }

    private Task<int> SetAsync(int bucket, MailboxId id, MailboxHealth health, string? reason, CancellationToken cancel) =>
        database.WriteAsync(session => session.ExecuteAsync(HealthSql, new { health = StoredName.Of(health), reason, now = time.Now(), bucket, id }, cancel), cancel);
}
