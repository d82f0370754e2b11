using NodaTime;
using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>A run goes over to another version of its sequence. The schedule among the facts is that of the new version.</summary>
public static partial class EnrollmentMachine
{
    private static Transition MoveToVersion(Turn turn, MovedToVersion signal)
    {
        if (turn.Run.SequenceVersion == signal.To.Version) return turn.NoOp();
        var target = new VersionMap(turn.Sequence, signal.To).From(turn.Place.Step);
        var there = turn with { Sequence = signal.To };
        return target.Fate switch
        {
            MoveFate.KeepsStep => KeepStep(turn, there, target.Step),
            MoveFate.GoesOn or MoveFate.Ends => GoOnWith(turn, there, target.Step),
            MoveFate.NothingSurvives => turn.Refuse(Reasons.NothingSurvives(turn, signal.To)),
            MoveFate.Reordered => turn.Refuse(Reasons.StepsReordered(turn, signal.To)),
        };
    }

    // A step that became something else asks anew what it asks; one whose message is with the server waits for the outcome all the same.
    private static Transition KeepStep(Turn turn, Turn there, Step? step)
    {
        var handed = turn.Place.Phase == Phase.Sending && turn.Facts.Intent == IntentStage.Handed;
        var another = step is not null && turn.Step?.Kind != step.Kind && !handed;
        var place = another && turn.Place.Phase != Phase.Waiting ? DueAgain(turn.Place) : Rescheduled(turn);
        return there.Move(
            turn.Run with { SequenceVersion = there.Sequence.Version, Position = another ? place with { Approved = false } : place },
            Reasons.MovedToVersion(turn, there.Sequence, step), another ? turn.Leave(TaskEnding.Withdrawn) : []);
    }

    // The wait that runs stays as long as it was; when the step is taken up then, the new version's windows say.
    private static Position Rescheduled(Turn turn)
    {
        var place = turn.Place;
        if (!turn.Run.IsFree || place is not { Phase: Phase.Waiting, Step: not null }) return place;
        var left = Duration.Max(Duration.Zero, (place.DelayEnds ?? turn.At) - turn.At);
        return place with { DelayEnds = null, NextAt = null, Remaining = left, DueAt = place.DueAt <= turn.At ? place.DueAt : null };
    }

    private static Transition GoOnWith(Turn turn, Turn there, Step? next)
    {
        if (turn.Place.Phase == Phase.Sending && turn.Facts.Intent == IntentStage.Handed)
            return turn.Refuse(Reasons.AlreadyHandedOver(turn));
        if (turn.IsUnknown)
            return turn.Refuse(Reasons.UnknownNeedsDecision(turn));
        // A lost sender is lost to the next step too; every other failure was that of the step.
        var lost = turn.Run.Failure is { Cause: FailureCause.MailboxDisconnected or FailureCause.UserDeactivated };
        var moved = Settlement.MoveTo(there, turn.Run, next) with { SequenceVersion = there.Sequence.Version, Failure = lost ? turn.Run.Failure : null };
        return there.Move(moved, Reasons.StepRemoved(turn, there.Sequence, next), turn.Leave(TaskEnding.Closed));
    }
}
