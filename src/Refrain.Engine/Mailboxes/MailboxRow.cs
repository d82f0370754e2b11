using System.Globalization;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Wire = Refrain.Contracts;

namespace Refrain.Engine.Mailboxes;

/// <summary>A mailbox as its table has it, without its secrets.</summary>
internal sealed record MailboxRow
{
    public const string Columns =
        """
        bucket as Bucket, id as Id, workspace_id as Workspace, member_id as Member, name as Name, address as Address,
        smtp_host as SmtpHost, smtp_port as SmtpPort, smtp_security as SmtpSecurity, smtp_user as SmtpUser, smtp_sign_in as SmtpSignIn,
        imap_host as ImapHost, imap_port as ImapPort, imap_security as ImapSecurity, imap_user as ImapUser, imap_sign_in as ImapSignIn,
        allow_invalid_certificate as AllowInvalidCertificate, save_to_sent as SaveToSent, daily_cap as DailyCap, hourly_cap as HourlyCap,
        minimum_gap_seconds as MinimumGapSeconds, gap_jitter_seconds as GapJitterSeconds, domain_daily_cap as DomainDailyCap,
        ramp_starts_on as RampStartsOn, ramp_first as RampFirst, ramp_per_day as RampPerDay, ramp_time_zone as RampTimeZone, health as Health, health_reason as HealthReason, health_since as HealthSince, revision as Revision, created_at as CreatedAt
        """;

    public int Bucket { get; init; }
    public MailboxId Id { get; init; }
    public WorkspaceId Workspace { get; init; }
    public UserId Member { get; init; }
    public string Name { get; init; } = "";
    public string Address { get; init; } = "";
    public string SmtpHost { get; init; } = "";
    public int SmtpPort { get; init; }
    public string SmtpSecurity { get; init; } = "";
    public string SmtpUser { get; init; } = "";
    public string SmtpSignIn { get; init; } = "";
    public string ImapHost { get; init; } = "";
    public int ImapPort { get; init; }
    public string ImapSecurity { get; init; } = "";
    public string ImapUser { get; init; } = "";
    public string ImapSignIn { get; init; } = "";
    public bool AllowInvalidCertificate { get; init; }
    public string SaveToSent { get; init; } = "";
    public int? DailyCap { get; init; }
    public int? HourlyCap { get; init; }
    public int MinimumGapSeconds { get; init; }
    public int GapJitterSeconds { get; init; }
    public int? DomainDailyCap { get; init; }
    public string? RampStartsOn { get; init; }
    public int? RampFirst { get; init; }
    public int? RampPerDay { get; init; }
    public string? RampTimeZone { get; init; }
    public string Health { get; init; } = "";
    public string? HealthReason { get; init; }
    public Instant HealthSince { get; init; }
    public int Revision { get; init; }
    public Instant CreatedAt { get; init; }

    public Mailbox ToMailbox() => new(
        Id.ToString(), Name, Address, Member.ToString(), AllowInvalidCertificate, WireName.Parse<Wire.SaveToSent>(SaveToSent),
        Server(SmtpHost, SmtpPort, SmtpSecurity, SmtpUser, SmtpSignIn), Server(ImapHost, ImapPort, ImapSecurity, ImapUser, ImapSignIn),
        DailyCap, HourlyCap, MinimumGapSeconds, GapJitterSeconds, DomainDailyCap, RampUp, WireName.Parse<Wire.MailboxHealth>(Health), HealthReason, HealthSince.ToDateTimeOffset(), CreatedAt.ToDateTimeOffset());

    private MailboxRampUp? RampUp => RampStartsOn is { } start
        ? new(DateOnly.ParseExact(start, "yyyy-MM-dd", CultureInfo.InvariantCulture), RampFirst!.Value, RampPerDay!.Value, RampTimeZone!)
        : null;

    public MailboxState ToState() => new(Id.ToString(), WireName.Parse<Wire.MailboxHealth>(Health), HealthReason);

    private static Wire.MailServer Server(string host, int port, string security, string user, string signIn) =>
        new(host, port, WireName.Parse<Wire.ConnectionSecurity>(security), user, WireName.Parse<Wire.SignInMethod>(signIn));
}
