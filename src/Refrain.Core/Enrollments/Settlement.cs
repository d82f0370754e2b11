using NodaTime;
using Refrain.Core.Schedules;

namespace Refrain.Core.Enrollments;

/// <summary>
/// Brings the place of a run in line with the layers over it, in the one spot through which every move goes: so no hold can use up a wait,
/// no covered run has a next time, and no free run is without one.
/// </summary>
internal static class Settlement
{
    public static Transition Settle(Turn turn, Enrollment next, Why why, IReadOnlyList<Effect> effects)
    {
        var all = new List<Effect>(effects);
        if (next.IsFree)
            (next, why) = Thaw(turn, next, why);
        if (!next.IsFree)
            next = next with { Position = Freeze(turn, next.Position, all) };
        if (next.Verdict is { } verdict && verdict != turn.Run.Verdict)
        {
            all.Add(new CloseTasks(RemindersToo: verdict is not (EnrollmentState.Finished or EnrollmentState.FinishedNoReply)));
            next = next with { Position = WithoutTask(next.Position) };
        }
        var changed = next.State != turn.Run.State;
        why = changed && next.State == EnrollmentState.Failed ? Reasons.StillFailed(why, next.Failure!) : why;
        next = next with { Why = changed || Explains(turn.Run, next) ? why : next.Why, Since = changed ? turn.At : next.Since };
        return new(TransitionKind.Moved, next, all, why);
    }

    /// <summary>The run leaves its step: the next one's delay runs from now, or after the last step the wait for a late reply.</summary>
    public static Enrollment MoveOn(Turn turn, Enrollment run)
    {
        var next = turn.Place.Step is { } current ? turn.Sequence.After(current) : null;
        return MoveTo(turn, run, next);
    }

    /// <summary>The same to a step that need not be the next; null = to the end.</summary>
    public static Enrollment MoveTo(Turn turn, Enrollment run, Sequences.Step? next)
    {
        var ends = NextSlot.DelayEnds(turn.At, next?.Delay ?? turn.Sequence.Settings.LateReplyWait, turn.Facts.Schedule);
        return run with { Position = new(Phase.Waiting, next?.Id, Remaining: ends - turn.At) };
    }

    /// <summary>The place frozen at an instant. The wait ends with the delay, not with the window; a step that had come due stays as late as it is.</summary>
    public static Position Rest(Position place, Instant at, Duration remaining) => place with
    {
        Phase = Phase.Waiting, DelayEnds = null, NextAt = null, Cap = null,
        Remaining = Duration.Max(Duration.Zero, remaining), DueAt = place.DueAt <= at ? place.DueAt : null,
    };

    private static (Enrollment Next, Why Why) Thaw(Turn turn, Enrollment next, Why why)
    {
        if (next.Position is not { Phase: Phase.Waiting, Remaining: { } remaining })
            return (next, why);
        var ends = turn.At + remaining;
        var thawed = next.Position with { Remaining = null, DelayEnds = ends };
        if (thawed.Step is not { } id)
            return remaining > Duration.Zero
                ? (next with { Position = thawed with { NextAt = ends } }, why)
                : (next with { Verdict = turn.Silence }, Reasons.AllStepsDone(why, turn.Silence));
        // A step that came due has met its own time of day already; only the windows still count.
        var timeOfDay = thawed.DueAt is null ? turn.Sequence.Find(id)?.At : null;
        // Working hours that never meet the windows may be changed by somebody: the gate of the windows holds the run until then.
        var schedule = turn.Facts.Schedule;
        return (NextSlot.At(ends, timeOfDay, schedule) ?? NextSlot.At(ends, timeOfDay, schedule.WithoutOwner)) is { } slot
            ? (next with { Position = thawed with { NextAt = slot, DueAt = thawed.DueAt ?? slot } }, why)
            : (next with { Verdict = EnrollmentState.FinishedUnenrolled, Position = next.Position }, Reasons.NeverOpens(why, schedule));
    }

    private static Position Freeze(Turn turn, Position place, List<Effect> effects)
    {
        var withdrawn = place.Phase == Phase.Sending && turn.Facts.Intent == IntentStage.Intended;
        if (withdrawn)
            effects.Add(new WithdrawEmail(place.Step!.Value));
        return place.Phase switch
        {
            Phase.Waiting => place.Remaining is null ? Rest(place, turn.At, (place.DelayEnds ?? turn.At) - turn.At) : place,
            Phase.Capped => Rest(place, turn.At, Duration.Zero),
            Phase.Sending => withdrawn ? Rest(place, turn.At, Duration.Zero) : place,
            Phase.AtTask => place,
        };
    }

    private static Position WithoutTask(Position place) =>
        place.Phase == Phase.AtTask ? place with { Phase = Phase.Waiting, Task = null, DelayEnds = null, Remaining = Duration.Zero } : place;

    /// <summary>A change beneath a hold is a line in the timeline; the reason shown stays that of the hold.</summary>
    private static bool Explains(Enrollment before, Enrollment after) => after.State switch
    {
        EnrollmentState.Paused => after.Pause != before.Pause,
        EnrollmentState.PausedO3 => after.Absence != before.Absence,
        EnrollmentState.Failed => after.Failure != before.Failure,
        EnrollmentState.Active or EnrollmentState.Pending or EnrollmentState.FinishedBounced or EnrollmentState.FinishedReplied
            or EnrollmentState.FinishedNoReply or EnrollmentState.FinishedOptOut or EnrollmentState.Finished or EnrollmentState.Unsubscribed
            or EnrollmentState.AlreadyEnrolled or EnrollmentState.OtherEnrolled or EnrollmentState.FinishedUnenrolled => true,
    };
}
