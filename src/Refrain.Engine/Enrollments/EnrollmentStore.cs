using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>
/// The one door: every change of an enrollment, from any side, goes load → decide → write through here, in one transaction, with its line in the timeline.
/// Nothing else writes a state.
/// </summary>
public sealed class EnrollmentStore
{
    private const int Tries = 3;
    private static readonly Why NoSuchEnrollment = Why.Of("not_found", "There is no such enrollment.");
    private readonly Database database;
    private readonly DoorFacts facts;
    private readonly DoorEffects effects;
    private readonly Wakeups wakeups;

    internal EnrollmentStore(Database database, DoorFacts facts, DoorEffects effects, Wakeups wakeups) =>
        (this.database, this.facts, this.effects, this.wakeups) = (database, facts, effects, wakeups);

    /// <summary>Signals to enrollments of one workspace; answers stand in the order of the ids.</summary>
    public Task<IReadOnlyList<DoorAnswer>> SignalAsync(
        WorkspaceId workspace, IReadOnlyList<EnrollmentId> ids, Func<Enrollment, Signal> signal, CancellationToken cancel) =>
        ApplyAsync(workspace, [.. ids.Select(id => new Knock(null, id, signal))], cancel);

    /// <summary>Applies knocks in a transaction of their own, and wakes the loops.</summary>
    internal async Task<IReadOnlyList<DoorAnswer>> ApplyAsync(WorkspaceId? workspace, IReadOnlyList<Knock> knocks, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answers = await database.WriteAsync(session => ApplyAsync(session, workspace, knocks, cancel), cancel);
                wakeups.WakeAll();
                return answers;
            }
            catch (LostRaceException) when (attempt < Tries)
            {
                continue;
            }
        }
    }

    /// <summary>Applies knocks in a transaction that runs already. Several knocks for one enrollment are applied one after the other.</summary>
    internal async Task<IReadOnlyList<DoorAnswer>> ApplyAsync(Session session, WorkspaceId? workspace, IReadOnlyList<Knock> knocks, CancellationToken cancel)
    {
        var answers = new DoorAnswer[knocks.Count];
        var left = knocks.Select((knock, index) => (knock, index)).ToList();
        while (left.Count > 0)
        {
            var round = left.DistinctBy(one => one.knock.Enrollment).ToList();
            left = [.. left.Except(round)];
            await ApplyRoundAsync(session, workspace, round, answers, cancel);
        }
        return answers;
    }

    private async Task ApplyRoundAsync(
        Session session, WorkspaceId? workspace, List<(Knock Knock, int Index)> round, DoorAnswer[] answers, CancellationToken cancel)
    {
        var cases = await facts.LoadAsync(session, workspace, [.. round.Select(one => one.Knock)], cancel);
        var moves = new List<Move>(round.Count);
        foreach (var (knock, index) in round)
        {
            if (!cases.TryGetValue(knock.Enrollment, out var found))
            {
                answers[index] = new(knock.Enrollment, TransitionKind.Refused, null, NoSuchEnrollment);
                continue;
            }
            if (Decide(knock, found) is not { } move)
            {
                answers[index] = new(knock.Enrollment, TransitionKind.NoOp, found.Enrollment, found.Enrollment.Why);
                continue;
            }
            answers[index] = new(knock.Enrollment, move.Transition.Kind, move.After, move.Transition.Why);
            if (move.Transition.Kind is TransitionKind.Moved or TransitionKind.Fact) moves.Add(move);
        }
        await WriteAsync(session, moves, cancel);
        foreach (var more in await effects.ApplyAsync(session, moves, cancel))
            await ApplyAsync(session, null, more, cancel);
    }

    private static Move? Decide(Knock knock, DoorCase found)
    {
        if (knock.ExpectedRevision is { } expected && expected != found.Enrollment.Revision) return null;
        if (knock.Signal(found.Enrollment) is not { } signal) return null;
        var law = signal is MovedToVersion published ? found with { Sequence = published.To } : found;
        var transition = EnrollmentMachine.Decide(found.Enrollment, found.Sequence, law.Facts, signal);
        var before = found.Enrollment;
        var after = transition.Next with { Revision = before.Revision + 1 };
        return new(law, signal, transition, after, knock.Email);
    }

    private async Task WriteAsync(Session session, List<Move> moves, CancellationToken cancel)
    {
        var written = await session.UpdateAsync(EnrollmentTable.Update, [.. moves.Select(move => StoredEnrollment.Of(move.After, move.Case.Sequence))], cancel,
            EnrollmentTable.RevisionIsTheOneRead(database.Kind));
        if (written != moves.Count) throw new LostRaceException($"{moves.Count - written} of {moves.Count} enrollments changed while they were decided.");
        await EnrollmentHistory.WriteAsync(session, [.. moves.Where(move => move.Transition.Recorded).Select(move => move.ToEvent())], cancel);
        await EnrollmentBefore.WriteAsync(session, moves, cancel);
        await EnrollmentHistory.CountAsync(session,
            moves.Select(move => (move.After.Bucket, move.After.Sequence, (EnrollmentState?)move.Case.Enrollment.State, move.After.State)), cancel);
    }
}
