using NodaTime;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Engine.Enrollments;
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
        var rows = await session.QueryAsync<Row>(WaitingSql(session.Dialect), new { now, members = session.Dialect.List(members.Select(member => member.Value)) }, cancel);
        var waves = new List<Wave>(rows.Count);
        var schedules = new Dictionary<(SequenceId, int, string?), Schedule>();
        foreach (var row in rows)
        {
            var sequence = await catalog.GetAsync(session, row.Sequence, row.Version, cancel);
            if (!schedules.TryGetValue((row.Sequence, row.Version, row.Zone), out var schedule))
                schedules[(row.Sequence, row.Version, row.Zone)] = schedule = ContactSchedules.Of(sequence, row.Zone);
            waves.Add(Of(row, sequence, schedule, senders.IndexOf(row.Mailbox), now));
        }
        return waves;
    }

    // A message that is under way holds its slot already, and is as good as accepted.
    private static Wave Of(Row row, Sequence sequence, Schedule schedule, int? sender, Instant now)
    {
        var step = row.Step is { } number ? (int)number - 1 : sequence.Steps.Count;
        if (!row.UnderWay) return new(sequence, schedule, sender, step, Instant.FromUnixTimeSeconds(row.Minute * 60), (int)row.Runs, row.HasSent, row.CameDue);
        var delay = step + 1 < sequence.Steps.Count ? sequence.Steps[step + 1].Delay : sequence.Settings.LateReplyWait;
        return new(sequence, schedule, sender, step + 1, NextSlot.DelayEnds(now, delay, schedule), (int)row.Runs, HasSent: true);
    }

    private static string WaitingSql(Dialect dialect)
    {
        var (minute, holdEnds) = dialect.Kind == DatabaseKind.Postgres ? (PostgresMinute, PostgresHoldEnds) : (SqliteMinute, SqliteHoldEnds);
        return $"""
            with going as (
                select sequence_id, sequence_version, mailbox_id, contact_id, step_number, emails_sent > 0 as has_sent, phase = 'sending' as under_way,
                    case when state in ('active', 'pending') then true else due_at is not null end as came_due,
                    case when state in ('paused', 'paused_o3') then {holdEnds}
                        when step_next_at > @now then step_next_at else coalesce(due_at, @now) end as since
                from enrollment
                where bucket in (select number from bucket) and {dialect.In("member_id", "@members")} and not frozen and (
                    state = 'active' or state = 'pending' and waits_for = 'slot'
                    or state in ('paused', 'paused_o3') and phase = 'waiting' and remaining is not null and failure_since is null
                        and (pause_since is null or pause_until is not null) and (absence_since is null or absence_until is not null)))
            select sequence_id as Sequence, sequence_version as Version, mailbox_id as Mailbox, time_zone as Zone, step_number as Step, has_sent as HasSent,
                under_way as UnderWay, came_due as CameDue, {minute} as Minute, count(*) as Runs
            from going join contact on contact.id = going.contact_id
            group by sequence_id, sequence_version, mailbox_id, time_zone, step_number, has_sent, under_way, came_due, {minute}
            """;
    }

    private sealed class Row
    {
        public SequenceId Sequence { get; init; }
        public int Version { get; init; }
        public MailboxId? Mailbox { get; init; }
        public string? Zone { get; init; }
        public long? Step { get; init; }
        public bool HasSent { get; init; }
        public bool UnderWay { get; init; }
        public bool CameDue { get; init; }
        public long Minute { get; init; }
        public long Runs { get; init; }
    }
}
