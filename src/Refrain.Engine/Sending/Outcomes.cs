using NodaTime;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Core.Sending;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>A message and how its attempt ended.</summary>
internal sealed record Sent(HandedMessage Message, SendOutcome Outcome);

/// <summary>Stores outcomes, the third mark: message, counters and transition in one transaction.</summary>
internal sealed class Outcomes(Database database, EnrollmentStore door, TimeProvider time, Wakeups wakeups)
{
    private static readonly Table<(Sent Sent, string Status, string? Answer, string Copy, Instant At)> Columns = new("outbound_message",
        new("bucket", ColumnType.Integer, row => row.Sent.Message.Bucket, IsKey: true),
        new("enrollment_id", ColumnType.Uuid, row => row.Sent.Message.Enrollment.Value, IsKey: true),
        new("step_id", ColumnType.Uuid, row => row.Sent.Message.Step.Value, IsKey: true),
        new("incarnation", ColumnType.Integer, row => row.Sent.Message.Incarnation, IsKey: true),
        new("status", ColumnType.Text, row => row.Status),
        new("answer", ColumnType.Text, row => row.Answer),
        new("sent_copy", ColumnType.Text, row => row.Copy),
        new("outcome_at", ColumnType.Instant, row => row.At));

    private const string SlotsSql = "update mailbox set slots_next_at = @now where bucket = @bucket and id = @mailbox and slots_next_at > @now";

    /// <summary>An outcome that came first stays: a message that is settled already is left alone, and so is its run.</summary>
    public async Task StoreAsync(IReadOnlyList<Sent> given, SaveToSent copies, CancellationToken cancel)
    {
        await database.WriteAsync(async session =>
        {
            var now = time.Now();
            var open = await OpenAsync(session, given, cancel);
            var sent = given.Where(one => open.Contains(one.Message.Id)).ToList();
            await session.UpdateAsync(Columns, [.. sent.Select(one => (one, StatusOf(one.Outcome), AnswerOf(one.Outcome), CopyOf(one.Outcome, copies), now))], cancel);
            foreach (var group in sent.GroupBy(one => (one.Message.Bucket, one.Message.Mailbox)))
                await CountAsync(session, group.Key.Bucket, group.Key.Mailbox, now, [.. group], cancel);
            await door.ApplyAsync(session, null, [.. sent.Select(one => new Knock(one.Message.Bucket, one.Message.Enrollment, _ => SignalOf(one, now)))], cancel);
        }, cancel);
        wakeups.WakeAll();
        if (given.Any(one => one is { Outcome: SendOutcome.Unknown, Message.Status: not "unknown" })) wakeups.WakeHere(Wakeup.Doubt);
    }

    private static async Task<HashSet<MessageId>> OpenAsync(Session session, IReadOnlyList<Sent> given, CancellationToken cancel)
    {
        var open = await session.QueryAsync<MessageId>(
            $"select id from outbound_message where status in ('handed', 'unknown') and {session.Dialect.In("id", "@ids")} order by id {session.Dialect.ForUpdate}",
            new { ids = session.Dialect.List(given.Select(one => one.Message.Id.Value)) }, cancel);
        return [.. open];
    }

    private static async Task CountAsync(
        Session session, int bucket, MailboxId mailbox, Instant now, IReadOnlyList<Sent> sent, CancellationToken cancel)
    {
        var counted = sent.Where(one => one.Outcome is SendOutcome.Accepted or SendOutcome.Unknown && one.Message.Status != "unknown").ToList();
        var firsts = counted.Count == 0 ? [] : await session.QueryAsync<SequenceId>(
            $"select sequence_id from enrollment where bucket = @bucket and emails_sent = 0 and {session.Dialect.In("id", "@ids")}",
            new { bucket, ids = session.Dialect.List(counted.Select(one => one.Message.Enrollment.Value)) }, cancel);
        await LimitUse.CountAsync(session, bucket, mailbox, now, [.. counted.Select(one => one.Message.ToAddress)], firsts, cancel);
        await ProviderPaces.LearnAsync(session, bucket, mailbox, now, sent, cancel);
        if (counted.Count < sent.Count) await session.ExecuteAsync(SlotsSql, new { now, bucket, mailbox }, cancel);
    }

    private static Signal SignalOf(Sent sent, Instant now)
    {
        var message = sent.Message;
        return sent.Outcome switch
        {
            SendOutcome.Accepted accepted => new MessageAccepted(now, message.Id, message.Step, accepted.Answer),
            SendOutcome.Deferred deferred => new MessageDeferred(now, message.Id, message.Step, deferred.Answer),
            SendOutcome.Refused { Scope: RefusalScope.Address } refused when EmailAddress.TryParse(message.ToAddress, out var address) =>
                new AddressRefused(now, message.Id, message.Step, address, refused.Answer),
            SendOutcome.Refused { Scope: RefusalScope.Sender } refused => new StepFailed(now, message.Step, FailureCause.Sender, refused.Answer, message.Id),
            SendOutcome.Refused refused => new StepFailed(now, message.Step, FailureCause.Delivery, refused.Answer, message.Id),
            SendOutcome.Stopped => new MessageStopped(now, message.Id, message.Step, "stopped at the last check"),
            SendOutcome.MailboxUnusable unusable => new MessageStopped(now, message.Id, message.Step, unusable.Answer),
            SendOutcome.Unknown unknown => new OutcomeLost(now, message.Id, message.Step, unknown.Detail),
            var other => throw new InvalidOperationException($"An attempt ended as {other}."),
        };
    }

    private static string StatusOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Accepted => "accepted",
        SendOutcome.Deferred => "deferred",
        SendOutcome.Refused => "refused",
        SendOutcome.Stopped or SendOutcome.MailboxUnusable => "withdrawn",
        SendOutcome.Unknown => "unknown",
        var other => throw new InvalidOperationException($"An attempt ended as {other}."),
    };

    private static string? AnswerOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Accepted accepted => accepted.Answer,
        SendOutcome.Deferred deferred => deferred.Answer,
        SendOutcome.Refused refused => refused.Answer,
        SendOutcome.MailboxUnusable unusable => unusable.Answer,
        SendOutcome.Unknown unknown => unknown.Detail,
        _ => null,
    };

    private static string CopyOf(SendOutcome outcome, SaveToSent copies) =>
        outcome is SendOutcome.Accepted && copies != SaveToSent.Never ? "wanted" : "none";
}
