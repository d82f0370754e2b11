using System.Text.Json.Serialization;

namespace Refrain.Contracts;

/// <summary>How a connection is secured.</summary>
public enum ConnectionSecurity
{
    [JsonStringEnumMemberName("starttls")]
    StartTls,
    Tls,
    None,
}

/// <summary>How a mailbox signs in: with a password, or with an OAuth 2 access token in its place.</summary>
public enum SignInMethod
{
    Password,

    [JsonStringEnumMemberName("oauth2")]
    OAuth2,
}

/// <summary>Whether a copy of what was sent is put into the Sent folder. Auto: where the server keeps none by itself.</summary>
public enum SaveToSent
{
    Auto,
    Always,
    Never,
}

public enum MailboxHealth
{
    Checking,
    Healthy,
    Unhealthy,
}

/// <summary>One server of a mailbox, as it is given. <paramref name="Password"/> is never given back; in a change, null keeps it.</summary>
public sealed record MailServerSettings(
    string Host, int Port, ConnectionSecurity Security, string User, string? Password = null, SignInMethod SignIn = SignInMethod.Password);

/// <summary>
/// How a new mailbox earns trust: on its first day it sends <paramref name="First"/> emails, and each day <paramref name="PerDay"/> more, until its daily cap is reached.
/// </summary>
/// <param name="StartsOn">The first day.</param>
/// <param name="First">The cap of that day.</param>
/// <param name="PerDay">What each day adds.</param>
/// <param name="TimeZone">IANA name of the zone whose days count.</param>
public sealed record MailboxRampUp(DateOnly StartsOn, int First, int PerDay, string TimeZone = "UTC");

/// <summary>A mailbox, as it is given.</summary>
public sealed record MailboxSettings(
    string Name, string Address, MailServerSettings Smtp, MailServerSettings Imap, string? UserId = null, bool AllowInvalidCertificate = false,
    SaveToSent SaveToSent = SaveToSent.Auto, int? DailyCap = null, int? HourlyCap = null, int MinimumGapSeconds = 0,
    int GapJitterSeconds = 0, int? DomainDailyCap = null, MailboxRampUp? RampUp = null);

/// <summary>One server of a mailbox, without its secret.</summary>
public sealed record MailServer(string Host, int Port, ConnectionSecurity Security, string User, SignInMethod SignIn);

/// <summary>A mailbox. Secrets never come back.</summary>
public sealed record Mailbox(
    string Id, string Name, string Address, string UserId, bool AllowInvalidCertificate, SaveToSent SaveToSent, MailServer Smtp, MailServer Imap,
    int? DailyCap, int? HourlyCap, int MinimumGapSeconds, int GapJitterSeconds, int? DomainDailyCap, MailboxRampUp? RampUp, MailboxHealth Health, string? HealthReason, DateTimeOffset HealthSince, DateTimeOffset CreatedAt);

/// <summary>How a mailbox is.</summary>
public sealed record MailboxState(string Id, MailboxHealth Health, string? HealthReason);
