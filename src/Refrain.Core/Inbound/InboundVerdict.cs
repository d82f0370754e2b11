using NodaTime;

namespace Refrain.Core.Inbound;

/// <summary>One recipient that a delivery report names as failing or waiting.</summary>
/// <param name="Address">The address as we addressed it where the report says so, else as the report has it.</param>
/// <param name="Action">RFC 3464 action (<c>failed</c>, <c>delayed</c>), or null where the report has none.</param>
/// <param name="Status">The enhanced status code of RFC 3463, or null.</param>
/// <param name="Class">The fate of this recipient: <see cref="InboundClass.HardBounce"/>, <see cref="InboundClass.SoftBounce"/> or <see cref="InboundClass.Delayed"/>.</param>
/// <param name="Cause">Whose fault it is, or null where nothing says so.</param>
/// <param name="Diagnostic">What the refusing server said, or null.</param>
public sealed record FailedRecipient(
    string Address, string? Action, string? Status, InboundClass Class, BounceCause? Cause, string? Diagnostic);

/// <summary>What the reader of incoming mail found in one message.</summary>
/// <param name="Class">The class of the whole message; of a report with differing fates, the most severe.</param>
/// <param name="Rule">The stable name of the rule that decided.</param>
/// <param name="Cause">The cause that goes with <paramref name="Class"/>; only for bounces and delays.</param>
/// <param name="ReturnDate">The first day back as the absence notice states it; never inferred from anything else.</param>
/// <param name="Recipients">The failing recipients of a report, or the complaining one; empty otherwise.</param>
/// <param name="Status">The enhanced status code of the deciding recipient, or null.</param>
/// <param name="OriginalMessageId">The Message-ID of the reported message, with its angle brackets, or null.</param>
/// <param name="EnvelopeId">The Original-Envelope-Id of a report (RFC 3464), or null.</param>
/// <param name="NewText">What the writer wrote, without quotation and signature; null where the message has no text.</param>
/// <param name="Successor">The address that "I have left, write to …" names, or null.</param>
public sealed record InboundVerdict(
    InboundClass Class,
    string Rule,
    BounceCause? Cause,
    LocalDate? ReturnDate,
    IReadOnlyList<FailedRecipient> Recipients,
    string? Status,
    string? OriginalMessageId,
    string? EnvelopeId,
    string? NewText,
    string? Successor)
{
    /// <summary>A verdict of which only the class and the rule are known.</summary>
    public InboundVerdict(InboundClass @class, string rule)
        : this(@class, rule, null, null, [], null, null, null, null, null)
    {
    }
}
