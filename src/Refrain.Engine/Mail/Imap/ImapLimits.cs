namespace Refrain.Engine.Mail.Imap;

/// <summary>How long and how much, for the IMAP connection of one mailbox.</summary>
public sealed record ImapLimits
{
    /// <summary>For one look, one search or one copy, connecting included.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>IDLE is begun anew after this: servers end it after 29 minutes (RFC 2177), routers forget a silent connection after ten.</summary>
    public TimeSpan IdleFor { get; init; } = TimeSpan.FromMinutes(9);

    /// <summary>How often a server is asked that has no IDLE.</summary>
    public TimeSpan AskEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A connection that nobody used for so long is closed: its mailbox is gone or paused.</summary>
    public TimeSpan CloseAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Of one message, in octets; what is behind it holds attachments.</summary>
    public int OctetsOfAMessage { get; init; } = 1024 * 1024;

    /// <summary>Of all messages of one look, in octets.</summary>
    public int OctetsOfALook { get; init; } = 16 * 1024 * 1024;

    /// <summary>How far back messages are given again after the server has numbered them anew.</summary>
    public TimeSpan AgainFor { get; init; } = TimeSpan.FromDays(30);
}
