using System.Globalization;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>Reads messages: those that came in, and those that were sent.</summary>
public sealed class MessageQueries(Database database)
{
    private const string TouchedSql =
        "select distinct enrollment_id from enrollment_before where message_id = @id and bucket in (select number from bucket) order by enrollment_id";

    // The mailbox may lie in another bucket: that of the user who had the run then.
    private const string SentSql = """
        select m.id as Id, m.mailbox_id as Mailbox, b.address as Sender, m.to_address as Receiver, m.subject as Subject, m.intended_at as At, m.body_text as Text, m.enrollment_id as Enrollment
        from outbound_message m join mailbox b on b.bucket in (select number from bucket) and b.id = m.mailbox_id
        where m.workspace_id = @workspace and m.bucket in (select number from bucket) and m.id = @id
        """;

    /// <summary>Null = no such message.</summary>
    public Task<Message?> FindAsync(WorkspaceId workspace, MessageId id, CancellationToken cancel) => database.ReadAsync(
        async session => await session.FirstAsync<MessageRow>(MessageRow.OneSql, new { workspace, id }, cancel) is { } received
            ? Shown(received, await session.QueryAsync<EnrollmentId>(TouchedSql, new { id }, cancel))
            : await session.FirstAsync<SentRow>(SentSql, new { workspace, id }, cancel) is { } sent ? Shown(sent) : null,
        cancel);

    /// <summary>The message as it came, at most its first megabyte; null = no such message came in.</summary>
    public async Task<byte[]?> SourceAsync(WorkspaceId workspace, MessageId id, CancellationToken cancel) =>
        (await database.ReadAsync(session => session.FirstAsync<MessageRow>(MessageRow.OneSql, new { workspace, id }, cancel), cancel))?.Raw;

    private static Message Shown(MessageRow row, IReadOnlyList<EnrollmentId> runs) => new(
        row.Id.ToString(), MessageDirection.In, row.Mailbox.ToString(), row.FromAddress, null, row.Subject, row.ReceivedAt.ToDateTimeOffset(), row.NewText,
        [.. runs.Select(run => run.ToString())], WireName.Parse<MessageClass>(row.Class), row.ReadAs is null ? row.Rule : "corrected",
        row.ReturnDate is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
        row.ReadAs is { } read ? WireName.Parse<MessageClass>(read) : null, row.CorrectedAt?.ToDateTimeOffset(), row.CorrectedBy);

    private static Message Shown(SentRow row) => new(
        row.Id.ToString(), MessageDirection.Out, row.Mailbox.ToString(), row.Sender, row.Receiver, row.Subject, row.At.ToDateTimeOffset(), row.Text, [row.Enrollment.ToString()],
        null, null, null, null, null, null);

    private sealed class SentRow
    {
        public MessageId Id { get; init; }
        public MailboxId Mailbox { get; init; }
        public string Sender { get; init; } = "";
        public string Receiver { get; init; } = "";
        public string Subject { get; init; } = "";
        public Instant At { get; init; }
        public string Text { get; init; } = "";
        public EnrollmentId Enrollment { get; init; }
    }
}
