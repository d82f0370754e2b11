using NodaTime;
using Refrain.Core.Mailboxes;
using Refrain.Engine.Mail;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Mailboxes;

/// <summary>Puts copies of accepted messages into the Sent folder: always, or only where the server has not kept one by itself within ten seconds.</summary>
internal sealed class SentCopies(Database database, IInbox inbox, TimeProvider time)
{
    private static readonly Duration Patience = Duration.FromSeconds(10);
    private const int BatchSize = 50;

    // A run that was given to another mailbox took its messages along to that one's bucket.
    private static readonly string WantedSql = $"""
        select {HandedMessage.Columns} from outbound_message
        where bucket in (select number from bucket) and mailbox_id = @mailbox and sent_copy = 'wanted' and outcome_at <= @until order by outcome_at limit @limit
        """;

    private const string KeptSql = "update outbound_message set sent_copy = 'kept' where bucket = @Bucket and enrollment_id = @Enrollment and step_id = @Step and incarnation = @Incarnation";

    public async Task SaveAsync(MailboxInUse mailbox, CancellationToken cancel)
    {
        var until = time.Now() - (mailbox.Account.SaveToSent == SaveToSent.Always ? Duration.Zero : Patience);
        var wanted = await database.ReadAsync(session => session.QueryAsync<HandedMessage>(
            WantedSql, new { mailbox = mailbox.Id, until, limit = BatchSize }, cancel), cancel);
        if (wanted.Count == 0) return;
        var there = await inbox.FindInSentAsync(mailbox.Account, [.. wanted.Select(message => message.Header)], cancel);
        foreach (var message in wanted)
        {
            if (!there.Contains(message.Header)) await inbox.SaveToSentAsync(mailbox.Account, message.From(mailbox), cancel);
            await database.WriteAsync(session => session.ExecuteAsync(KeptSql, new { message.Bucket, message.Enrollment, message.Step, message.Incarnation }, cancel), cancel);
        }
    }
}
