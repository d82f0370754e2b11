using NodaTime;
using Refrain.Core;
using Refrain.Core.Inbound;

namespace Refrain.Engine.Inbound;

/// <summary>A message that came in, as it is stored.</summary>
internal sealed class MessageRow
{
    public const string OneSql = """
        select bucket as Bucket, id as Id, workspace_id as Workspace, mailbox_id as Mailbox, uid_validity as Validity, uid as Uid, from_address as FromAddress, subject as Subject,
            received_at as ReceivedAt, class as Class, rule as Rule, return_date as ReturnDate, new_text as NewText, raw as Raw, read_as as ReadAs,
            corrected_at as CorrectedAt, corrected_by as CorrectedBy
        from inbound_message where workspace_id = @workspace and bucket in (select number from bucket) and id = @id
        """;

    public int Bucket { get; init; }
    public MessageId Id { get; init; }
    public WorkspaceId Workspace { get; init; }
    public MailboxId Mailbox { get; init; }
    public long Validity { get; init; }
    public long Uid { get; init; }
    public string? FromAddress { get; init; }
    public string? Subject { get; init; }
    public Instant ReceivedAt { get; init; }
    public string Class { get; init; } = "";
    public string Rule { get; init; } = "";
    public string? ReturnDate { get; init; }
    public string? NewText { get; init; }
    public byte[] Raw { get; init; } = [];
    public string? ReadAs { get; init; }
    public Instant? CorrectedAt { get; init; }
    public string? CorrectedBy { get; init; }

    public InboundClass Reading => InboundClassNames.ParseInboundClass(Class) ?? throw new InvalidOperationException($"There is no class {Class}.");

    public MailboxPlace Place => new(Bucket, Workspace, Mailbox);

    /// <summary>The message read again, with the class that a person says it has.</summary>
    public ReceivedMail As(InboundClass right, LocalDate? returnDate)
    {
        var mail = ReceivedMail.Read(new("INBOX", (uint)Validity, (uint)Uid, Raw, Raw.Length), ReceivedAt);
        var reports = right is InboundClass.HardBounce or InboundClass.SoftBounce or InboundClass.Delayed;
        var verdict = mail.Verdict with
        {
            Class = right, Rule = "corrected", ReturnDate = returnDate,
            Recipients = reports ? [.. mail.Verdict.Recipients.Select(recipient => recipient with { Class = right })] : [],
        };
        return mail with { Id = Id, Verdict = verdict };
    }
}
