namespace Refrain.Core.Sending;

/// <summary>How an attempt to send a message ended. An SMTP reply is definite; anything else after DATA began is unknown.</summary>
public abstract record SendOutcome
{
    private SendOutcome() { }

    /// <summary>The server took it (2yz).</summary>
    public sealed record Accepted(string Answer) : SendOutcome;

    /// <summary>The server did not take it and may be asked again (4yz), or could not be reached before DATA.</summary>
    public sealed record Deferred(string Answer) : SendOutcome;

    /// <summary>The server refused it (5yz).</summary>
    public sealed record Refused(RefusalScope Scope, string Answer) : SendOutcome;

    /// <summary>The last check before DATA stopped it; the server never saw the content.</summary>
    public sealed record Stopped : SendOutcome;

    /// <summary>The mailbox cannot be used: sign-in refused, certificate wrong. Nothing was handed over.</summary>
    public sealed record MailboxUnusable(string Answer) : SendOutcome;

    /// <summary>DATA began and no answer came. It may have been delivered.</summary>
    public sealed record Unknown(string Detail) : SendOutcome;
}

/// <summary>What a refusal is about.</summary>
public enum RefusalScope
{
    /// <summary>The recipient's address (5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10, 5.2.1).</summary>
    Address,

    /// <summary>The sender: policy, spam, authentication (5.7.x).</summary>
    Sender,

    /// <summary>Anything else.</summary>
    Delivery,
}
