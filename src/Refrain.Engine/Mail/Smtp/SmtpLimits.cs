namespace Refrain.Engine.Mail.Smtp;

/// <summary>How long and how many, for the SMTP connections of one mailbox.</summary>
public sealed record SmtpLimits
{
    /// <summary>Open at once; further messages wait for one. Providers allow about this many for one account.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>Several providers end a connection after a hundred messages.</summary>
    public int MessagesPerConnection { get; init; } = 100;

    /// <summary>A connection that rested longer is asked with NOOP before it is used.</summary>
    public TimeSpan AskAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection that rested longer is closed.</summary>
    public TimeSpan CloseAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For connecting, signing in and the envelope together.</summary>
    public TimeSpan BeforeData { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>From DATA to the last reply; ten minutes are the least that RFC 5321 section 4.5.3.2.6 asks for.</summary>
    public TimeSpan AfterData { get; init; } = TimeSpan.FromMinutes(10);
}
