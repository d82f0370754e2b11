using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>What a person does to the open draft, task or question, and the skipping of steps.</summary>
public static partial class EnrollmentMachine
{
    private static Transition Complete(Turn turn, TaskCompleted signal)
    {
        if (turn.Place.Phase != Phase.AtTask || turn.Place.Task != signal.Task || turn.Step is not { } step)
            return turn.Refuse(Reasons.NoOpenTask(turn));
        if (step.Kind == StepKind.Email)
            return SendLate(turn, signal.Task);
        if (signal.Outcome is { } named && step.Outcomes is { } known && !known.ContainsKey(named))
            return turn.Refuse(Reasons.UnknownOutcome(step, named));
        var done = new CloseTask(signal.Task, TaskEnding.Done, signal.Outcome);
        var action = signal.Outcome is { } outcome && step.Outcomes is { } actions ? actions[outcome] : OutcomeAction.Continue;
        return action switch
        {
            OutcomeAction.Continue => turn.Move(Settlement.MoveOn(turn, turn.Run), Reasons.TaskDone(step, signal), done),
            OutcomeAction.Unenroll => turn.Move(
                Settlement.MoveOn(turn, turn.Run) with { Verdict = EnrollmentState.FinishedUnenrolled }, Reasons.OutcomeUnenrolls(step, signal.Outcome!), done),
        };
    }

    // The task of an automatic step is the question whether it still goes; the answer is not asked for again.
    private static Transition SendLate(Turn turn, TaskId task) => turn.Move(
        turn.Run with { Position = DueAgain(turn.Place) with { DueAt = turn.At, Approved = true } }, Reasons.LateStepApproved(turn),
        new CloseTask(task, TaskEnding.Done));

    private static Transition SkipTask(Turn turn, TaskSkipped signal) => turn.Place.Phase == Phase.AtTask && turn.Place.Task == signal.Task
        ? turn.Move(Settlement.MoveOn(turn, turn.Run), Reasons.TaskSkipped(turn), new CloseTask(signal.Task, TaskEnding.Skipped))
        : turn.Refuse(Reasons.NoOpenTask(turn));

    private static Transition SendDraft(Turn turn, DraftSent signal)
    {
        if (turn.Place.Phase != Phase.AtTask || turn.Place.Task != signal.Task)
            return turn.Refuse(Reasons.NoOpenTask(turn));
        if (turn.Step is not { Kind: StepKind.ManualEmail })
            return turn.Refuse(Reasons.NotADraft(turn));
        var approved = turn with { Run = turn.Run with { Position = turn.Place with { Approved = true, DueAt = turn.At } } };
        return Intend(approved, Reasons.DraftSent(turn), new CloseTask(signal.Task, TaskEnding.Done));
    }

    private static Transition Skip(Turn turn)
    {
        if (turn.Place.Step is null)
            return turn.Refuse(Reasons.NoStepLeft(turn));
        if (turn.Place.Phase == Phase.Sending && turn.Facts.Intent == IntentStage.Handed)
            return turn.Refuse(Reasons.AlreadyHandedOver(turn));
        return turn.Move(Settlement.MoveOn(turn, turn.Run) with { Failure = null }, Reasons.StepSkipped(turn), turn.Leave(TaskEnding.Skipped));
    }
}
