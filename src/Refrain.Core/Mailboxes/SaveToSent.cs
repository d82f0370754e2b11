namespace Refrain.Core.Mailboxes;

/// <summary>Whether Refrain puts a copy of what it sent into the mailbox's Sent folder.</summary>
public enum SaveToSent
{
    /// <summary>Where the server did not keep one by itself.</summary>
    Auto,
    Always,
    Never,
}

/// <summary>What is known of a mailbox's servers.</summary>
public enum MailboxHealth
{
    /// <summary>Not tried yet.</summary>
    Checking,
    Healthy,

    /// <summary>It cannot send or has not been readable for 15 minutes; the reason stands beside it.</summary>
    Unhealthy,
}
