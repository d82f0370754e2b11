using NodaTime;
using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>What the clock does: a step comes due, is held by a gate, waits for a slot, or asks a person.</summary>
public static partial class EnrollmentMachine
{
    private static Transition Send(Turn turn) =>
        turn.IsDue && turn.SendsByItself ? Intend(turn, Reasons.Sending(turn)) : turn.NoOp();

    private static Transition Intend(Turn turn, Why why, params Effect[] before)
    {
        var step = turn.Step!;
        var place = turn.Place with { Phase = Phase.Sending, NextAt = null, Cap = null, Task = null };
        return turn.Move(turn.Run with { Position = place }, why, [.. before, new SendEmail(step.Id, step.Kind == StepKind.ManualEmail)]);
    }

    private static Transition HoldStep(Turn turn, StepHeld signal) => turn.IsDue
        ? turn.Move(turn.Run with { Position = turn.Place with { NextAt = Instant.Max(signal.Until, signal.At) } }, signal.Why) with { Recorded = false }
        : turn.NoOp();

    private static Transition Cap(Turn turn, CapReached signal) => turn.IsDue
        ? turn.Move(turn.Run with { Position = turn.Place with { Phase = Phase.Capped, NextAt = null, Cap = signal.Cap } }, Reasons.Capped(turn, signal.Cap))
        : turn.NoOp();

    private static Transition StayCapped(Turn turn, CapReached signal) => turn.Place.Phase == Phase.Capped
        ? turn.Move(turn.Run with { Position = turn.Place with { Cap = signal.Cap } }, Reasons.Capped(turn, signal.Cap)) with { Recorded = signal.Cap.Name != turn.Place.Cap?.Name }
        : turn.NoOp();

    // To wait under a cap is no lateness: who has his slot after ten days is not asked about as one that an outage held up.
    private static Transition FreeSlot(Turn turn) => turn.Place.Phase == Phase.Capped
        ? turn.Move(turn.Run with { Position = DueAgain(turn.Place) with { DueAt = turn.At } }, Reasons.SlotFreed(turn))
        : turn.NoOp();

    private static Transition AskPerson(Turn turn, ManualStepDue signal) =>
        turn.IsDue && turn.Step is { Kind: StepKind.ManualEmail or StepKind.Call or StepKind.Todo } step && !turn.SendsByItself
            ? Ask(turn, step, signal.Task, aboutStale: false, Reasons.TaskOpened(step))
            : turn.NoOp();

    private static Transition Ask(Turn turn, Step step, TaskId task, bool aboutStale, Why why)
    {
        var place = turn.Place with { Phase = Phase.AtTask, NextAt = null, Task = task };
        return turn.Move(turn.Run with { Position = place }, why, new OpenTask(step.Id, task, aboutStale));
    }

    private static Transition Remind(Turn turn, ReminderDue signal) => turn.IsDue && turn.Step is { Kind: StepKind.Reminder } step
        ? turn.Move(Settlement.MoveOn(turn, turn.Run), Reasons.Reminded(step), new MakeReminder(step.Id, signal.Task))
        : turn.NoOp();

    // A late task or reminder asks a person by being there.
    private static Transition AskAboutStale(Turn turn, StepStale signal) => turn.Step is not { } step || !turn.IsDue || turn.Place.Approved ? turn.NoOp() : step.Kind switch
    {
        StepKind.Email => Ask(turn, step, signal.Task, aboutStale: true, Reasons.Stale(turn, signal.Late)),
        StepKind.ManualEmail or StepKind.Call or StepKind.Todo => AskPerson(turn, new ManualStepDue(signal.At, signal.Task)),
        StepKind.Reminder => Remind(turn, new ReminderDue(signal.At, signal.Task)),
    };

    private static Transition EndLateReplyWait(Turn turn) => turn.Place is { Phase: Phase.Waiting, Step: null } && !(turn.Place.NextAt > turn.At)
        ? turn.Move(turn.Run with { Verdict = turn.Silence }, Reasons.LateReplyWaitOver(turn.Silence))
        : turn.NoOp();

    /// <summary>The same step once more, as soon as nothing covers the run.</summary>
    private static Position DueAgain(Position place) => DueAgainAfter(place, Duration.Zero);

    private static Position DueAgainAfter(Position place, Duration wait) =>
        place with { Phase = Phase.Waiting, DelayEnds = null, NextAt = null, Remaining = wait, Cap = null, Task = null };
}
