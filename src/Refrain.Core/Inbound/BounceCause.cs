namespace Refrain.Core.Inbound;

/// <summary>Whose fault it is that a message was not delivered, after the codes of RFC 3463 or the words beside them.</summary>
public enum BounceCause
{
    /// <summary>The mailbox or its domain does not exist: the address is bad.</summary>
    Address,

    /// <summary>The mailbox exists and cannot take the message now: full, suspended, over its rate.</summary>
    Mailbox,

    /// <summary>Policy, spam, authentication, reputation: the sender must change something. The address stays good.</summary>
    Sender,

    /// <summary>This message is too big or malformed. The address stays good.</summary>
    Message,

    /// <summary>No route, no answer, or the time for trying ran out.</summary>
    Network,

    /// <summary>The receiving system has trouble of its own.</summary>
    System,
}
