using NodaTime;

namespace Refrain.Engine.Mail;

/// <summary>One email, rendered, with everything that its MIME form is made from: the same record always gives the same bytes.</summary>
/// <param name="MessageIdHeader">Without angle brackets.</param>
/// <param name="Date">The Date header: when the intent was committed.</param>
/// <param name="Html">Null: an HTML part is made from the text.</param>
/// <param name="References">Message-IDs of the thread so far, oldest first, without angle brackets; empty for the first email.</param>
/// <param name="UnsubscribeUrl">For the footer, when there is one; null for none.</param>
/// <param name="ListUnsubscribe">Whether the List-Unsubscribe and List-Unsubscribe-Post headers (RFC 8058) are set to <paramref name="UnsubscribeUrl"/>.</param>
/// <param name="UnsubscribeFooter">Whether the footer with the link is added to both parts.</param>
public sealed record OutgoingEmail(
    string MessageIdHeader, Instant Date, string FromName, string FromAddress, string ToName, string ToAddress, string Subject, string Text, string? Html,
    IReadOnlyList<string> References, string? UnsubscribeUrl, bool UnsubscribeFooter, bool ListUnsubscribe);
