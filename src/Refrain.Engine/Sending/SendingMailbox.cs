using NodaTime;
using NodaTime.Text;
using Refrain.Core;
using Refrain.Core.Mailboxes;
using Refrain.Core.Schedules;
using Refrain.Core.Throttles;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>A mailbox as the gates see it: its health, and the desk that knows its limits.</summary>
internal sealed record SendingMailbox(SendingMailboxRow Row, SlotDesk Desk)
{
    public MailboxDesk Own => Desk.Mailboxes[Row.Id];
    public MailboxHealth Health => StoredName.Parse<MailboxHealth>(Row.Health);
    public string? HealthReason => Row.HealthReason;
    public Instant HealthSince => Row.HealthSince;
    public Instant? ReadAt => Row.ReadAt;
}

/// <summary>A mailbox row with what limits it, and the cap of its user.</summary>
internal sealed record SendingMailboxRow
{
    public const string Columns = """
        m.bucket as Bucket, m.id as Id, m.member_id as Owner, m.daily_cap as DailyCap, m.hourly_cap as HourlyCap, u.daily_cap as UserCap, u.working_hours as WorkingHours,
        m.domain_daily_cap as DomainDailyCap, m.minimum_gap_seconds as MinimumGapSeconds, m.gap_jitter_seconds as GapJitterSeconds, m.gap_next_at as GapNextAt,
        m.ramp_starts_on as RampStartsOn, m.ramp_first as RampFirst, m.ramp_per_day as RampPerDay, m.ramp_time_zone as RampTimeZone,
        m.slots_next_at as SlotsNextAt, m.health as Health, m.health_reason as HealthReason, m.health_since as HealthSince, m.read_at as ReadAt
        """;

    public int Bucket { get; init; }
    public MailboxId Id { get; init; }
    public UserId Owner { get; init; }
    public int? DailyCap { get; init; }
    public int? HourlyCap { get; init; }
    public int? UserCap { get; init; }
    public string? WorkingHours { get; init; }
    public int? DomainDailyCap { get; init; }
    public int MinimumGapSeconds { get; init; }
    public int GapJitterSeconds { get; init; }
    public Instant? GapNextAt { get; init; }
    public string? RampStartsOn { get; init; }
    public int? RampFirst { get; init; }
    public int? RampPerDay { get; init; }
    public string? RampTimeZone { get; init; }
    public Instant? SlotsNextAt { get; init; }
    public string Health { get; init; } = "";
    public string? HealthReason { get; init; }
    public Instant HealthSince { get; init; }
    public Instant? ReadAt { get; init; }

    /// <summary>When the owner works; null when nobody knows.</summary>
    public Schedule? OwnerHours => Access.OwnerHours.Of(WorkingHours);

    public SendGap Gap => new(Duration.FromSeconds(MinimumGapSeconds), Duration.FromSeconds(GapJitterSeconds));

    public RampedCap? Ramp => RampStartsOn is { } start && DailyCap is { } full
        ? new(new(LocalDatePattern.Iso.Parse(start).Value, RampFirst!.Value, RampPerDay!.Value, full), DateTimeZoneProviders.Tzdb[RampTimeZone!])
        : null;
}

/// <summary>Where a mailbox lies.</summary>
internal sealed class MailboxKey
{
    public int Bucket { get; init; }
    public MailboxId Id { get; init; }
}
