using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Schedules;
using Refrain.Engine.Access;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sequences;

/// <summary>
/// Pauses whole sequences. A paused sequence lies over its runs: their states stay, their rows are taken out of the queue, and the part of a delay that
/// had not passed is still to pass afterwards.
/// </summary>
public sealed class SequencePauses(Database database, SequenceCatalog catalog, Wakeups wakeups, TimeProvider time)
{
    private const int Batch = 1000;

    private const string PauseSql = "update sequence set paused_at = @now where workspace_id = @workspace and id = @id and paused_at is null";
    private const string ResumeSql = "update sequence set paused_at = null where workspace_id = @workspace and id = @id";

    // Who has read a row and not yet written it, loses: its revision moves on.
    private const string FreezeSql =
        """
        update enrollment set frozen = true, revision = revision + 1
        where sequence_id = @id and not frozen and state in ('active', 'pending', 'paused', 'paused_o3', 'failed')
            and exists (select 1 from sequence where sequence.id = @id and sequence.paused_at is not null)
        """;

    private const string ThawSql = "update enrollment set frozen = false, revision = revision + 1 where sequence_id = @id and frozen";

    // Who waited for a slot was passed over during the pause.
    private const string LookSql =
        """
        update mailbox set slots_next_at = @now
        where bucket in (select number from bucket) and id in (select mailbox_id from enrollment where sequence_id = @id and state = 'pending' and waits_for = 'slot')
        """;

    private const string WaitingSql =
        """
        select enrollment.bucket as Bucket, enrollment.id as Id, enrollment.sequence_version as Version, enrollment.step_id as Step, enrollment.delay_ends as DelayEnds,
            enrollment.step_next_at as NextAt, enrollment.due_at as DueAt, contact.time_zone as TimeZone, member.working_hours as WorkingHours,
            (select max(at) from enrollment_event where enrollment_event.bucket = enrollment.bucket and enrollment_event.enrollment_id = enrollment.id
                and enrollment_event.signal not in ('moved_to_version', 'notice_received')
                and enrollment_event.why_code not in ('late_outcome', 'reply_noted', 'out_of_office_noted')) as TouchedAt
        from enrollment join contact on contact.id = enrollment.contact_id join member on member.id = enrollment.member_id
        where enrollment.sequence_id = @id and enrollment.state = 'active' and enrollment.frozen and enrollment.phase = 'waiting'
            and enrollment.next_at is not null and enrollment.delay_ends is not null
        order by enrollment.bucket, enrollment.id
        """;

    private static readonly Table<Waiting> Times = new("enrollment",
        new("bucket", ColumnType.Integer, row => row.Bucket, IsKey: true),
        new("id", ColumnType.Uuid, row => row.Id.Value, IsKey: true),
        new("delay_ends", ColumnType.Instant, row => row.DelayEnds),
        new("step_next_at", ColumnType.Instant, row => row.NextAt),
        new("next_at", ColumnType.Instant, row => row.NextAt),
        new("due_at", ColumnType.Instant, row => row.DueAt));

    /// <summary>Null = no such sequence. Pausing a paused one changes nothing.</summary>
    public Task<SequenceLine?> PauseAsync(WorkspaceId workspace, SequenceId id, CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync(PauseSql, new { workspace, id, now = time.Now() }, cancel);
            await session.ExecuteAsync(FreezeSql, new { id }, cancel);
            return (await session.FirstAsync<SequenceRow>(SequenceRow.OneSql, new { workspace, id }, cancel))?.ToLine();
        },
        cancel);

    /// <summary>Null = no such sequence. Resuming one that runs changes nothing.</summary>
    public async Task<SequenceLine?> ResumeAsync(WorkspaceId workspace, SequenceId id, CancellationToken cancel)
    {
        var resumed = await database.WriteAsync(session => ResumeAsync(session, workspace, id, time.Now(), cancel), cancel);
        wakeups.WakeAll();
        return resumed;
    }

    /// <summary>Takes rows out of the queue that came into a sequence while it was paused.</summary>
    internal static Task FreezeNewAsync(Session session, SequenceId id, CancellationToken cancel) => session.ExecuteAsync(FreezeSql, new { id }, cancel);

    private async Task<SequenceLine?> ResumeAsync(Session session, WorkspaceId workspace, SequenceId id, Instant now, CancellationToken cancel)
    {
        var sequence = await session.FirstAsync<SequenceRow>($"{SequenceRow.OneSql} {session.Dialect.ForUpdate}", new { workspace, id }, cancel);
        if (sequence?.PausedAt is not { } pausedAt) return sequence?.ToLine();
        var waiting = await session.QueryAsync<Waiting>(WaitingSql, new { id }, cancel);
        foreach (var chunk in waiting.Chunk(Batch))
        {
            var shifted = new List<Waiting>(chunk.Length);
            foreach (var row in chunk) shifted.Add(await ShiftAsync(session, id, row, pausedAt, now, cancel));
            await session.UpdateAsync(Times, shifted, cancel);
        }
        await session.ExecuteAsync(ThawSql, new { id }, cancel);
        await session.ExecuteAsync(LookSql, new { id, now }, cancel);
        await session.ExecuteAsync(ResumeSql, new { workspace, id }, cancel);
        return (sequence with { PausedAt = null }).ToLine();
    }

    // The delay of a run that came or moved during the pause has not run at all since then.
    private async ValueTask<Waiting> ShiftAsync(Session session, SequenceId id, Waiting row, Instant pausedAt, Instant now, CancellationToken cancel)
    {
        var stoppedAt = row.TouchedAt is { } touched ? Instant.Max(touched, pausedAt) : pausedAt;
        if (row.DelayEnds <= stoppedAt) return row;
        var ends = row.DelayEnds + (now - stoppedAt);
        var sequence = await catalog.GetAsync(session, id, row.Version, cancel);
        var step = row.Step is { } stepId ? sequence.Find(stepId) : null;
        var next = step is null ? ends : NextSlot.At(ends, step.At, ContactSchedules.Of(sequence, row.TimeZone, OwnerHours.Of(row.WorkingHours))) ?? ends;
        return row with { DelayEnds = ends, NextAt = next, DueAt = row.DueAt is null ? null : next };
    }

    private sealed record Waiting
    {
        public int Bucket { get; init; }
        public EnrollmentId Id { get; init; }
        public int Version { get; init; }
        public StepId? Step { get; init; }
        public Instant DelayEnds { get; init; }
        public Instant? NextAt { get; init; }
        public Instant? DueAt { get; init; }
        public string? TimeZone { get; init; }
        public string? WorkingHours { get; init; }
        public Instant? TouchedAt { get; init; }
    }
}
