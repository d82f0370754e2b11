namespace Refrain.Contracts;

public enum MessageDirection
{
    In,
    Out,
}

/// <summary>What an incoming message is.</summary>
public enum MessageClass
{
    Reply,
    OutOfOffice,
    AutoReply,
    HardBounce,
    SoftBounce,
    Delayed,
    Complaint,
    Unsubscribe,
    Receipt,
    Other,
}

/// <summary>
/// A message that was sent or came in. Of an incoming one: its class, the rule that gave it (<c>corrected</c>: a person did), and as what it was read before a person corrected it.
/// <paramref name="Text"/>: without quotation and signature where it came in. <paramref name="EnrollmentIds"/>: the runs that it belongs to or was applied to.
/// </summary>
public sealed record Message(
    string Id, MessageDirection Direction, string MailboxId, string? From, string? To, string? Subject, DateTimeOffset At, string? Text, IReadOnlyList<string> EnrollmentIds,
    MessageClass? Class, string? Rule, DateOnly? ReturnDate, MessageClass? ReadAs, DateTimeOffset? CorrectedAt, string? CorrectedBy);

/// <summary>What a message really is. <paramref name="ReturnDate"/>: the first day back, only with <c>out_of_office</c>.</summary>
public sealed record Reclassify(MessageClass Class, DateOnly? ReturnDate = null);
