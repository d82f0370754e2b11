using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;
using Refrain.Engine.Suppressions;

namespace Refrain.Engine.Inbound;

/// <summary>What a correction has to know of one run.</summary>
internal sealed record KnownOfRun(Undo? Undo, EnrollmentState? End, Hold? Away, bool WasClosed);

/// <summary>A message that counts all the same. <paramref name="Row"/>: what it did to the run; null where nobody told the run, as of a letter without ids that came when no run was open.</summary>
internal sealed record Proof(MessageId Message, EnrollmentBefore? Row);

/// <summary>What came after a misread message and counts all the same: another reply, an opt-out, a bad address, a rule.</summary>
internal sealed class Overtaking(SequenceCatalog sequences, AbsenceReplay absences)
{
    private const string LaterSql = $"""
        select {EnrollmentBefore.Columns} from enrollment_before
        where bucket = @Bucket and enrollment_id = @Enrollment and ordinal > @Ordinal and message_id <> @Message and undone_at is null order by ordinal
        """;

    private const string LatestSql = """
        select step_id from outbound_message where bucket = @Bucket and enrollment_id = @Enrollment and status in ('accepted', 'bounced')
        order by outcome_at desc, intended_at desc limit 1
        """;

    private const string CountedSql = """
        update enrollment_before set counted_step = @step, counted_outcome = @outcome where bucket = @Bucket and enrollment_id = @Enrollment and ordinal = @Ordinal
        """;

    private const string RunSql = """
        select e.sequence_id as Sequence, e.sequence_version as Version, e.state as State, e.workspace_id as Workspace, c.email as Email, c.deleted_at as DeletedAt,
            c.away_since as AwaySince, c.away_until as AwayUntil, c.away_dated as AwayDated,
            e.revision as Revision, (select count(*) from enrollment_event v where v.bucket = e.bucket and v.enrollment_id = e.id and v.ordinal > @Ordinal and v.signal = 'removed') as Removals
        from enrollment e join contact c on c.id = e.contact_id where e.bucket = @Bucket and e.id = @Enrollment
        """;

    /// <summary><paramref name="rows"/>: what the message did to the run, in order.</summary>
    public async Task<KnownOfRun> OfAsync(Session session, IReadOnlyList<EnrollmentBefore> rows, Instant now, CancellationToken cancel)
    {
        var run = (await session.FirstAsync<RunRow>(RunSql, new { rows[0].Bucket, rows[0].Enrollment, rows[^1].Ordinal }, cancel))!;
        var closed = !EnrollmentStates.FromWireName(run.State).IsOpen();
        if (rows.FirstOrDefault(row => row.Moved || row.Kind == SignalKind.AbsenceStarted) is not { } did) return new(null, null, null, closed);
        var undo = did.ToUndo() with { Made = EnrollmentStates.FromWireName((rows.LastOrDefault(row => row.Moved) ?? did).Made) };
        undo = undo with { Before = undo.Before with { Absence = await absences.OfAsync(session, new() { Bucket = did.Bucket, Id = did.Enrollment }, now, cancel) } };
        // What did not close the run has no end to hand on: the message that closed it knows better what was before.
        if (!closed || undo.Made != EnrollmentStates.FromWireName(run.State)) return new(undo, null, run.Away(now), closed);
        var later = await session.QueryAsync<EnrollmentBefore>(LaterSql, new { did.Bucket, did.Enrollment, did.Ordinal, did.Message }, cancel);
        var (end, proof) = await EndAsync(session, run, later, cancel);
        if (proof is not null && end is { } state) await TakeOverAsync(session, did, proof, run, state, cancel);
        return new(undo, end, run.Away(now), true);
    }

    private async Task<(EnrollmentState? End, Proof? Proof)> EndAsync(Session session, RunRow run, IReadOnlyList<EnrollmentBefore> later, CancellationToken cancel)
    {
        var suppressions = await KnownSuppressions.LoadAsync(session, run.Workspace, [run.Email], cancel);
        var sequence = await sequences.GetAsync(session, run.Sequence, run.Version, cancel);
        if (suppressions.OptedOut(run.Email)) return (EnrollmentState.Unsubscribed, await ProofAsync(session, run, later, cancel));
        if (suppressions.KnownBad(run.Email)) return (EnrollmentState.FinishedBounced, await ProofAsync(session, run, later, cancel));
        if (later.FirstOrDefault(row => row.Kind == SignalKind.Replied) is { } reply && sequence.Settings.StopOnReply) return (EnrollmentState.FinishedReplied, new(reply.Message, reply));
        return suppressions.SuppressedBy(run.Email) is not null || run.DeletedAt is not null || run.Removals > 0 ? (EnrollmentState.FinishedUnenrolled, null) : (null, null);
    }

    private static async Task<Proof?> ProofAsync(Session session, RunRow run, IReadOnlyList<EnrollmentBefore> later, CancellationToken cancel) =>
        (await SuppressionGrounds.StandingAsync(session, run.Workspace, run.Email, cancel))?.Message is { } message ? new(message, later.FirstOrDefault(row => row.Message == message)) : null;

    /// <summary>From here on the later message is what closed the run: should it be misread too, it is what has to be taken back.</summary>
    private static async Task TakeOverAsync(Session session, EnrollmentBefore from, Proof to, RunRow run, EnrollmentState made, CancellationToken cancel)
    {
        if (to.Row is not { } row)
        {
            await EnrollmentBefore.InheritAsync(session, from, to.Message, run.Revision + 1, made, cancel);
            return;
        }
        await session.ExecuteAsync($"""
            update enrollment_before set moved = @yes, layers = {session.Dialect.Json("@Layers")}, at = @At, made = @made
            where bucket = @Bucket and enrollment_id = @Enrollment and ordinal = @ordinal
            """, new { yes = true, from.Layers, from.At, made = made.WireName(), from.Bucket, from.Enrollment, ordinal = row.Ordinal }, cancel);
        if (row.CountedStep is null) await CountAsync(session, row, run, made, cancel);
    }

    /// <summary>What comes to a closed run is about its own messages, and was not counted because another had been.</summary>
    private static async Task CountAsync(Session session, EnrollmentBefore row, RunRow run, EnrollmentState made, CancellationToken cancel)
    {
        if (await session.FirstAsync<StepId?>(LatestSql, new { row.Bucket, row.Enrollment }, cancel) is not { } step) return;
        var outcome = made == EnrollmentState.FinishedReplied ? "replied" : made == EnrollmentState.FinishedBounced ? "bounced" : "unsubscribed";
        await session.ExecuteAsync(CountedSql, new { row.Bucket, row.Enrollment, row.Ordinal, step, outcome }, cancel);
        await EnrollmentHistory.CountStepsAsync(session, [(row.Bucket, run.Sequence, step, outcome)], cancel);
    }

    private sealed class RunRow
    {
        public SequenceId Sequence { get; init; }
        public int Version { get; init; }
        public string State { get; init; } = "";
        public WorkspaceId Workspace { get; init; }
        public string Email { get; init; } = "";
        public Instant? DeletedAt { get; init; }
        public Instant? AwaySince { get; init; }
        public Instant? AwayUntil { get; init; }
        public bool AwayDated { get; init; }
        public int Revision { get; init; }
        public int Removals { get; init; }

        public Hold? Away(Instant now) => KnownAbsences.At(AwaySince, AwayUntil, AwayDated, now);
    }
}
