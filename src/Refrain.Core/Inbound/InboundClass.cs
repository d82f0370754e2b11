namespace Refrain.Core.Inbound;

/// <summary>What an incoming message is, as far as a sequence cares. Every message gets exactly one class.</summary>
public enum InboundClass
{
    /// <summary>A person wrote this. Matching decides whether it answers one of our messages.</summary>
    Reply,

    /// <summary>An absence notice; the return date stands beside it if one was stated.</summary>
    OutOfOffice,

    /// <summary>Another automatic answer: a ticket acknowledgement, a challenge, "has left the company".</summary>
    AutoReply,

    /// <summary>The address does not work and will not work.</summary>
    HardBounce,

    /// <summary>Not delivered, for a reason that says nothing final about the address.</summary>
    SoftBounce,

    /// <summary>A warning that delivery is still being tried. Never a bounce.</summary>
    Delayed,

    /// <summary>A feedback report (RFC 5965): the recipient marked the message as spam.</summary>
    Complaint,

    /// <summary>A request to get no more mail.</summary>
    Unsubscribe,

    /// <summary>A read receipt (RFC 8098), a calendar answer, an emoji reaction.</summary>
    Receipt,

    /// <summary>None of these, or unreadable; the rule names the reason.</summary>
    Other,
}
