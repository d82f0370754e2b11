using System.Data.Common;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>
/// Applies what an inbox held: each message once, in the order of arrival and in a transaction of its own, and the cursor when all are applied. A message that is itself at
/// fault is kept as it came and passed over; while the database is, nothing is.
/// </summary>
internal sealed partial class InboundMail(Database database, InboundSignals signals, TimeProvider time, Wakeups wakeups, ILogger<InboundMail> logger)
{
    // What a race between two writers refused goes through the next time.
    private const int Tries = 3;

    private const string StoreSql = """
        insert into inbound_message (bucket, id, workspace_id, mailbox_id, uid_validity, uid, header, from_address, subject, received_at, class, rule, return_date, new_text, raw)
        values (@Bucket, @Id, @Workspace, @Mailbox, @Validity, @Uid, @Header, @From, @Subject, @At, @Class, @Rule, @ReturnDate, @Text, @Raw)
        on conflict (bucket, mailbox_id, uid_validity, uid) do nothing
        """;

    private const string KnownSql = "select count(*) from inbound_message where bucket = @Bucket and mailbox_id = @Mailbox and header = @Header";

    private const string CursorSql = """
        update mailbox set uid_validity = @Validity, last_uid = @Uid, read_at = case when @more then read_at else @startedAt end,
            unread_since = case when health = 'unhealthy' then unread_since end
        where bucket = @Bucket and id = @Mailbox and revision = @Revision and (uid_validity is null or uid_validity <> @Validity or last_uid <= @Uid)
        """;

    private const string SameSql = "select count(*) from mailbox where bucket = @Bucket and id = @Id and revision = @Revision";

    /// <summary>False when the mailbox was given other settings since the look began: what is left may be of another account, and is looked at again.</summary>
    public async Task<bool> ApplyAsync(MailboxInUse mailbox, InboxLook look, Instant startedAt, CancellationToken cancel)
    {
        // Read before the transaction: on SQLite everybody who writes waits for it.
        foreach (var message in look.Messages)
        {
            if (!await ApplyAsync(mailbox, ReceivedMail.Read(message, time.Now()), cancel)) return false;
        }

        var moved = await database.WriteAsync(session => session.ExecuteAsync(CursorSql, new
        {
            Validity = (long)look.Cursor.UidValidity, Uid = (long)look.Cursor.LastUid, more = look.More, startedAt, mailbox.Bucket, Mailbox = mailbox.Id, mailbox.Account.Revision,
        }, cancel), cancel);
        if (look.Messages.Count > 0) wakeups.WakeAll();
        return moved == 1 || await database.ReadAsync(session => IsSameAsync(session, mailbox, cancel), cancel);
    }

    private static async Task<bool> IsSameAsync(Session session, MailboxInUse mailbox, CancellationToken cancel) =>
        await session.FirstAsync<int>(SameSql, new { mailbox.Bucket, mailbox.Id, mailbox.Account.Revision }, cancel) > 0;

    private async Task<bool> ApplyAsync(MailboxInUse mailbox, ReceivedMail mail, CancellationToken cancel)
    {
        if (mail.Failure is not null) LogPassedOver(logger, mail.Source.Uid, mailbox.Id, mail.Verdict.Rule, mail.Failure);
        var (isSame, isStored) = (true, false);
        Exception? failure = null;
        for (var tried = 0; tried < Tries; tried++)
        {
            isStored = false;
            failure = await Attempt.FailureOf(async () => isSame = await database.WriteAsync(session => ApplyAsync(session, mailbox, mail, () => isStored = true, cancel), cancel));
            if (failure is null) return isSame;

            // What was read and can be stored may have to stop somebody: to pass over it would be to write to him.
            if (isStored || !IsOfTheMessage(failure)) ExceptionDispatchInfo.Throw(failure);
        }

        var bare = mail.Bare("unreadable.storing");
        isSame = await database.WriteAsync(async session => await IsSameAsync(session, mailbox, cancel) && await StoreAsync(session, mailbox, bare, cancel) >= 0, cancel);
        if (isSame) LogPassedOver(logger, mail.Source.Uid, mailbox.Id, bare.Verdict.Rule, failure!);
        return isSame;
    }

    /// <summary>Whatever else it may be, the next try may go better: it is tried for ever.</summary>
    private static bool IsOfTheMessage(Exception failure) => failure switch
    {
        DbException => DatabaseFaults.AreOfData(failure),
        OperationCanceledException or ObjectDisposedException or OutOfMemoryException or TimeoutException or IOException => false,
        _ => true,
    };

    private async Task<bool> ApplyAsync(Session session, MailboxInUse mailbox, ReceivedMail mail, Action stored, CancellationToken cancel)
    {
        if (!await IsSameAsync(session, mailbox, cancel)) return false;
        if (mail.Header is not null && await session.FirstAsync<int>(KnownSql, new { mailbox.Bucket, Mailbox = mailbox.Id, mail.Header }, cancel) > 0) return true;
        var rows = await StoreAsync(session, mailbox, mail, cancel);
        stored();
        if (rows == 1) await signals.ApplyAsync(session, new(mailbox.Bucket, mailbox.Workspace, mailbox.Id), mail, cancel);
        return true;
    }

    private static Task<int> StoreAsync(Session session, MailboxInUse mailbox, ReceivedMail mail, CancellationToken cancel) => session.ExecuteAsync(StoreSql, new
    {
        mailbox.Bucket, mail.Id, mailbox.Workspace, Mailbox = mailbox.Id, Validity = (long)mail.Source.UidValidity, Uid = (long)mail.Source.Uid, mail.Header, mail.From,
        mail.Subject, At = mail.ReceivedAt, Class = mail.Verdict.Class.WireName(), mail.Verdict.Rule, ReturnDate = mail.Verdict.ReturnDate?.ToString("uuuu-MM-dd", null),
        Text = mail.Verdict.NewText, mail.Source.Raw,
    }, cancel);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Uid} in mailbox {Mailbox} was passed over as {Rule}; it is kept as it came.")]
    private static partial void LogPassedOver(ILogger logger, uint uid, MailboxId mailbox, string rule, Exception failure);
}
