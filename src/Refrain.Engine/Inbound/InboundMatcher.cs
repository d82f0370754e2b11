using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>What speaks for it that something is about a message of ours.</summary>
internal enum MatchProof
{
    /// <summary>It names its Message-ID, or gives it back.</summary>
    Named,

    /// <summary>The address or the subject fits, and no other message is named.</summary>
    Likely,

    /// <summary>It is about another message, which went to the same address.</summary>
    SameAddress,
}

/// <summary>A message of ours that something came back for.</summary>
internal sealed record MatchedMessage
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
    public Instant IntendedAt { get; init; }
    public MatchProof Proof { get; init; }
    public string ContactEmail { get; init; } = "";

    public bool WentTo(string address) => string.Equals(ToAddress, address, StringComparison.OrdinalIgnoreCase);

    public Knock Tells(Signal signal) => new(Bucket, Enrollment, _ => signal);
}

/// <summary>
/// Finds the message of ours that an incoming one is about: by the ids that it names; else by its sender and subject, because some providers rewrite ids. Never a message of
/// another workspace.
/// </summary>
internal sealed class InboundMatcher
{
    private const string Columns = """
        m.bucket as Bucket, m.enrollment_id as Enrollment, e.contact_id as Contact, e.sequence_id as Sequence, m.step_id as Step, m.id as Id, m.header as Header,
        m.mailbox_id as Mailbox, m.to_address as ToAddress, m.subject as Subject, m.status as Status, m.intended_at as IntendedAt, c.email as ContactEmail
        """;

    private static readonly string RecentSql = $"""
        select {Columns} from outbound_message m join enrollment e on e.bucket = m.bucket and e.id = m.enrollment_id join contact c on c.id = e.contact_id
        where m.mailbox_id = @mailbox and m.to_address = @address and m.status in ('handed', 'accepted', 'unknown', 'bounced')
        order by m.intended_at desc limit 20
        """;

    public async Task<MatchedMessage?> FindAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, CancellationToken cancel)
    {
        var named = await ByIdsAsync(session, mailbox.Workspace, mail, cancel);
        if (named is not null && !IsAboutAnother(mail, named)) return named;
        if (mail.Verdict.Recipients is [var only, ..]) return await ReportedAsync(session, mailbox, mail, null, only, cancel);
        if (named is not null) return named with { Proof = MatchProof.SameAddress };
        return mail.From is null ? null : BySubject(await SentToAsync(session, mailbox, mail.From, cancel), mail.Subject);
    }

    /// <summary>What a report says of one recipient is about this message. <paramref name="matched"/>: the one that the report as a whole is about.</summary>
    public async Task<MatchedMessage?> ReportedAsync(
        Session session, MailboxPlace mailbox, ReceivedMail mail, MatchedMessage? matched, FailedRecipient recipient, CancellationToken cancel)
    {
        if (matched is not null && matched.WentTo(recipient.Address)) return matched;
        var sent = await SentToAsync(session, mailbox, recipient.Address, cancel);
        if (sent.Count == 0) return null;
        // A message of ours has one recipient: whoever else stands in its report was written to by others.
        if (Reported(mail) is null) return sent[0] with { Proof = matched is { Proof: MatchProof.Named } ? MatchProof.SameAddress : MatchProof.Likely };
        return sent.FirstOrDefault(mail.Returned.Is) is { } returned ? returned with { Proof = MatchProof.Named } : sent[0] with { Proof = MatchProof.SameAddress };
    }

    // The thread that a report names says nothing: a person may have answered in it by hand.
    private static bool IsAboutAnother(ReceivedMail mail, MatchedMessage named) =>
        mail.Verdict.Class is InboundClass.HardBounce or InboundClass.SoftBounce or InboundClass.Delayed && Reported(mail) is { } reported && reported != named.Header;

    private static string? Reported(ReceivedMail mail) => mail.Verdict.OriginalMessageId?.Trim().Trim('<', '>') is { Length: > 0 } id ? id : null;

    private static async Task<MatchedMessage?> ByIdsAsync(Session session, WorkspaceId workspace, ReceivedMail mail, CancellationToken cancel)
    {
        var mentions = mail.Mentions.Take(50).ToList();
        if (mentions.Count == 0) return null;
        var found = await session.QueryAsync<MatchedMessage>($"""
            select {Columns} from outbound_message m join enrollment e on e.bucket = m.bucket and e.id = m.enrollment_id join contact c on c.id = e.contact_id
            where {session.Dialect.InTexts("m.header", "@headers")} and m.workspace_id = @workspace
            """, new { headers = session.Dialect.Texts(mentions), workspace }, cancel);
        return found.MinBy(message => mentions.IndexOf(message.Header));
    }

    /// <summary>What was sent from this mailbox to an address, the newest first.</summary>
    private static Task<IReadOnlyList<MatchedMessage>> SentToAsync(Session session, MailboxPlace mailbox, string address, CancellationToken cancel) =>
        session.QueryAsync<MatchedMessage>(RecentSql, new { mailbox = mailbox.Id, address = address.ToLowerInvariant() }, cancel);

    /// <summary>The newest of these whose subject the mail answers; null when none is.</summary>
    private static MatchedMessage? BySubject(IReadOnlyList<MatchedMessage> sent, string? subject)
    {
        var bare = Bare(subject);
        var answered = bare.Length == 0 ? null : sent.FirstOrDefault(message => Bare(message.Subject) is { Length: > 0 } ours && bare.EndsWith(ours, StringComparison.OrdinalIgnoreCase));
        return answered is null ? null : answered with { Proof = MatchProof.Likely };
    }

    private static string Bare(string? subject)
    {
        var bare = (subject ?? "").Trim();
        for (var colon = bare.IndexOf(':', StringComparison.Ordinal); colon is > 0 and <= 4; colon = bare.IndexOf(':', StringComparison.Ordinal))
            bare = bare[(colon + 1)..].Trim();
        return bare;
    }
}
