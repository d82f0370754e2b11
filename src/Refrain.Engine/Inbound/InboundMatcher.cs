using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>A message of ours that something came back for.</summary>
internal sealed class MatchedMessage
{
    public int Bucket { get; init; }
    public EnrollmentId Enrollment { get; init; }
    public ContactId Contact { get; init; }
    public SequenceId Sequence { get; init; }
    public StepId Step { get; init; }
    public MessageId Id { get; init; }
    public string Header { get; init; } = "";
    public MailboxId Mailbox { get; init; }
    public string ToAddress { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Status { get; init; } = "";
}

/// <summary>
/// Finds the message of ours that an incoming one is about: by the ids that it names; else by its sender and subject, because some providers rewrite ids. Never a message of
/// another workspace.
/// </summary>
internal sealed class InboundMatcher
{
    private const string Columns = """
        m.bucket as Bucket, m.enrollment_id as Enrollment, e.contact_id as Contact, e.sequence_id as Sequence, m.step_id as Step, m.id as Id, m.header as Header,
        m.mailbox_id as Mailbox, m.to_address as ToAddress, m.subject as Subject, m.status as Status
        """;

    private static readonly string RecentSql = $"""
        select {Columns} from outbound_message m join enrollment e on e.bucket = m.bucket and e.id = m.enrollment_id
        where m.mailbox_id = @mailbox and m.to_address = @address and m.status in ('handed', 'accepted', 'unknown', 'bounced')
        order by m.intended_at desc limit 20
        """;

    public async Task<MatchedMessage?> ByIdsAsync(Session session, WorkspaceId workspace, ReceivedMail mail, CancellationToken cancel)
    {
        var mentions = mail.Mentions.Take(50).ToList();
        if (mentions.Count == 0) return null;
        var found = await session.QueryAsync<MatchedMessage>($"""
            select {Columns} from outbound_message m join enrollment e on e.bucket = m.bucket and e.id = m.enrollment_id
            where {session.Dialect.InTexts("m.header", "@headers")} and m.workspace_id = @workspace
            """, new { headers = session.Dialect.Texts(mentions), workspace }, cancel);
        return found.MinBy(message => mentions.IndexOf(message.Header));
    }

    /// <summary>What was sent from this mailbox to an address, the newest first.</summary>
    public Task<IReadOnlyList<MatchedMessage>> SentToAsync(Session session, MailboxPlace mailbox, string address, CancellationToken cancel) =>
        session.QueryAsync<MatchedMessage>(RecentSql, new { mailbox = mailbox.Id, address = address.ToLowerInvariant() }, cancel);

    /// <summary>The newest of these whose subject the mail answers; null when none is.</summary>
    public static MatchedMessage? BySubject(IReadOnlyList<MatchedMessage> sent, string? subject)
    {
        var bare = Bare(subject);
        return bare.Length == 0 ? null : sent.FirstOrDefault(message => Bare(message.Subject) is { Length: > 0 } ours && bare.EndsWith(ours, StringComparison.OrdinalIgnoreCase));
    }

    private static string Bare(string? subject)
    {
        var bare = (subject ?? "").Trim();
        for (var colon = bare.IndexOf(':', StringComparison.Ordinal); colon is > 0 and <= 4; colon = bare.IndexOf(':', StringComparison.Ordinal))
            bare = bare[(colon + 1)..].Trim();
        return bare;
    }
}
