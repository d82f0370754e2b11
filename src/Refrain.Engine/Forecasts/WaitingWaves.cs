using NodaTime;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sending;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Forecasts;

/// <summary>
/// Who waits already: runs that go on by themselves, and holds that end on a date; put together by the minute at which they go on. Runs that wait for a
/// person, with a task open, failed or paused without a date, are left out: nobody knows when they go on.
/// </summary>
internal sealed class WaitingWaves(Session session, SequenceCatalog catalog)
{
    private const string MembersSql = """
        select distinct member_id from enrollment
        where sequence_id = @sequence and state in ('active', 'pending', 'paused', 'paused_o3') and not frozen
        """;

    // What is left of a delay is in units of 100 ns. The two differ only in how they reckon with instants.
    private const string PostgresMinute = "floor(extract(epoch from since) / 60)::bigint";
    private const string PostgresHoldEnds = "greatest(pause_until, absence_until) + remaining / 10 * interval '1 microsecond'";
    private const string SqliteMinute = "since / 600000000";
    private const string SqliteHoldEnds = "max(coalesce(pause_until, absence_until), coalesce(absence_until, pause_until)) + remaining";

    public static async Task<IReadOnlyList<UserId>> MembersAsync(Session session, SequenceId sequence, UserId? own, CancellationToken cancel)
    {
        var members = await session.QueryAsync<UserId>(MembersSql, new { sequence }, cancel);
        return own is { } user && !members.Contains(user) ? [.. members, user] : members;
    }

    public async Task<IReadOnlyList<Wave>> LoadAsync(IReadOnlyList<UserId> members, ForecastSenders senders, Instant now, CancellationToken cancel)
    {
        var rows = await session.QueryAsync<Row>(WaitingSql(session.Dialect, senders.LimitDomains), new { now, members = session.Dialect.List(members.Select(member => member.Value)) }, cancel);
        var waves = new List<Wave>(rows.Count);
        var schedules = new Dictionary<(SequenceId, int, string?, MailboxId?), Schedule>();
        foreach (var row in rows)
        {
            var sequence = await catalog.GetAsync(session, row.Sequence, row.Version, cancel);
            var alike = (row.Sequence, row.Version, row.Zone, row.Mailbox);
            if (!schedules.TryGetValue(alike, out var schedule))
                schedules[alike] = schedule = ContactSchedules.Of(sequence, row.Zone, senders.OwnerHoursOf(row.Mailbox));
            waves.Add(new(Of(row, sequence, schedule, now), (int)row.Runs));
        }
        return waves;
    }

    private static OutlookRun Of(Row row, Sequence sequence, Schedule schedule, Instant now)
    {
        var step = row.Step is { } number ? sequence.Steps[(int)number - 1] : null;
        var since = Instant.FromUnixTimeSeconds(row.Minute * 60);
        // A step that came due before has met its own time of day; only the windows still count.
        var slot = step is null ? since : NextSlot.At(since, row.CameDue ? null : step.At, schedule) ?? since;
        var waitsIn = row.Lane is { } lane && row.Mailbox is { } mailbox ? LaneText.Parse(mailbox, lane).Limit : (LaneLimit?)null;
        return new(
            default, row.Mailbox ?? default, sequence, (step ?? sequence.Steps[^1]).Id, schedule, row.Domain,
            row.Promise ?? (waitsIn is null ? Instant.Max(slot, now) : since), row.HasSent, WaitsIn: waitsIn, Promise: row.Promise)
        {
            Through = step is null, UnderWay = row.UnderWay, IsWaiting = waitsIn is not null || row.Promise is not null,
        };
    }

    private static string WaitingSql(Dialect dialect, bool withDomains)
    {
        var (minute, holdEnds) = dialect.Kind == DatabaseKind.Postgres ? (PostgresMinute, PostgresHoldEnds) : (SqliteMinute, SqliteHoldEnds);
        return $"""
            with going as (
                select sequence_id, sequence_version, mailbox_id, contact_id, step_number, emails_sent > 0 as has_sent, phase = 'sending' as under_way,
                    case when state in ('active', 'pending') then true else due_at is not null end as came_due,
                    case when state = 'pending' then lane end as lane,
                    case when state = 'active' and phase = 'waiting' and slot_at = step_next_at then slot_at end as promise,
                    case when state in ('paused', 'paused_o3') then {holdEnds}
                        when step_next_at > @now then step_next_at else coalesce(due_at, @now) end as since
                from enrollment
                where bucket in (select number from bucket) and {dialect.In("member_id", "@members")} and not frozen and (
                    state = 'active' or state = 'pending' and waits_for = 'slot'
                    or state in ('paused', 'paused_o3') and phase = 'waiting' and remaining is not null and failure_since is null
                        and (pause_since is null or pause_until is not null) and (absence_since is null or absence_until is not null)))
            select sequence_id as Sequence, sequence_version as Version, mailbox_id as Mailbox, time_zone as Zone, {(withDomains ? dialect.DomainOf("email") : "''")} as Domain,
                step_number as Step, has_sent as HasSent, under_way as UnderWay, came_due as CameDue, lane as Lane, promise as Promise, {minute} as Minute, count(*) as Runs
            from going join contact on contact.id = going.contact_id
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 order by 12, 1, 2, 6
            """;
    }

    private sealed class Row
    {
        public SequenceId Sequence { get; init; }
        public int Version { get; init; }
        public MailboxId? Mailbox { get; init; }
        public string? Zone { get; init; }
        public string Domain { get; init; } = "";
        public long? Step { get; init; }
        public bool HasSent { get; init; }
        public bool UnderWay { get; init; }
        public bool CameDue { get; init; }
        public string? Lane { get; init; }
        public Instant? Promise { get; init; }
        public long Minute { get; init; }
        public long Runs { get; init; }
    }
}
