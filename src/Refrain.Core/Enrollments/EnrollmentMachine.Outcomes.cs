using NodaTime;
using Refrain.Core.Sending;

namespace Refrain.Core.Enrollments;

/// <summary>What became of a message. An outcome of another step than the current one is late: it is told and moves nothing.</summary>
public static partial class EnrollmentMachine
{
    private static Transition Accept(Turn turn, MessageAccepted signal)
    {
        var awaited = turn.Place.Step == signal.Step && (turn.IsUnknown || turn.Place.Phase is Phase.Sending or Phase.Capped or Phase.AtTask);
        if (!awaited)
            return Counted(turn, Reasons.LateOutcome(turn, signal.Step, signal.Answer));
        return turn.Move(Delivered(turn), Reasons.Sent(turn, signal.Message, signal.Answer), turn.Leave(TaskEnding.Withdrawn));
    }

    /// <summary>The run is past it; that the message went is true all the same.</summary>
    private static Transition Counted(Turn turn, Why why) => turn.Fact(why) with { Next = turn.Run with { EmailsSent = turn.Run.EmailsSent + 1 } };

    private static Enrollment Delivered(Turn turn) =>
        Settlement.MoveOn(turn, turn.Run) with { EmailsSent = turn.Run.EmailsSent + 1, Failure = turn.IsUnknown ? null : turn.Run.Failure };

    private static Transition Defer(Turn turn, MessageDeferred signal)
    {
        if (!turn.IsSending(signal.Step))
            return turn.Fact(Reasons.LateOutcome(turn, signal.Step, signal.Answer));
        var attempts = turn.Place.Attempts + 1;
        if (RetryDelays.After(attempts) is not { } delay)
            return FailAt(turn, FailureCause.Delivery, signal.Answer, signal.Message);
        return turn.Move(turn.Run with { Position = DueAgainAfter(turn.Place, delay) with { Attempts = attempts } }, Reasons.Retrying(turn, signal, delay));
    }

    private static Transition PutBack(Turn turn, MessageStopped signal) => turn.IsSending(signal.Step)
        ? turn.Move(turn.Run with { Position = DueAgain(turn.Place) }, Reasons.SendStopped(turn, signal.Message, signal.Answer))
        : turn.Fact(Reasons.LateOutcome(turn, signal.Step, signal.Answer));

    private static Transition RefuseAddress(Turn turn, AddressRefused signal)
    {
        var mark = new MarkAddressBad(signal.Address, signal.Answer);
        if (turn.WritesTo(signal.Address))
            return turn.Move(turn.Run with { Verdict = EnrollmentState.FinishedBounced }, Reasons.AddressRefused(signal), mark);
        // Nobody has this message: the step goes to the address that the contact has now.
        var waits = turn.IsUnknown ? turn.Place.Step == signal.Step : turn.Run.Failure is null && turn.IsSending(signal.Step);
        var why = Reasons.FormerAddressRefused(signal);
        return turn.Run.IsOpen && waits ? turn.Move(turn.Run with { Failure = null, Position = DueAgain(turn.Place) }, why, mark) : turn.Fact(why, mark);
    }

    private static Transition Fail(Turn turn, StepFailed signal)
    {
        // Only the message's own fate settles an unknown outcome.
        var concerns = turn.Place.Step == signal.Step && !(turn.IsUnknown && signal.Message is null);
        if (!concerns)
            return turn.Fact(Reasons.LateOutcome(turn, signal.Step, signal.Detail));
        return signal is { Message: not null, Cause: FailureCause.Delivery or FailureCause.Sender }
            ? FailAt(turn, signal.Cause, signal.Detail, signal.Message, new RenewMessageId(signal.Step))
            : FailAt(turn, signal.Cause, signal.Detail, signal.Message);
    }

    private static Transition LoseOutcome(Turn turn, OutcomeLost signal) => turn.Place.Step == signal.Step && turn.Run.Failure is null
        ? FailAt(turn, FailureCause.OutcomeUnknown, signal.Detail, signal.Message)
        : turn.Fact(Reasons.LateOutcome(turn, signal.Step, signal.Detail));

    /// <summary>The current step has failed: the run rests there until the cause is gone.</summary>
    private static Transition FailAt(Turn turn, FailureCause cause, string? detail, MessageId? message, params Effect[] effects)
    {
        var place = DueAgain(turn.Place) with { DueAt = turn.Place.DueAt ?? turn.At };
        return turn.Move(
            turn.Run with { Failure = new(cause, detail, turn.At), Position = place }, Reasons.Failed(turn.Step, cause, detail, message),
            [.. effects, .. turn.Leave(TaskEnding.Withdrawn)]);
    }

    // The message was in flight when the run was closed.
    private static Transition FailAfterTheEnd(Turn turn, StepFailed signal) => signal.Message is { } message && turn.Place.Step == signal.Step
        ? Reopen(turn, signal.Step, signal.Cause, signal.Detail, message)
        : turn.Fact(Reasons.AfterTheEnd(turn));

    private static Transition BounceAfterTheEnd(Turn turn, SoftBounced signal) => turn.IsOfLatest(signal) && !turn.MayHaveGone
        ? Reopen(turn, signal.Step, signal.Cause, signal.Detail, signal.Message)
        : turn.Fact(Reasons.AfterTheEnd(turn));

    /// <summary>Silence was the wrong verdict: the message never arrived. Not where the contact may no longer be enrolled.</summary>
    private static Transition Reopen(Turn turn, StepId step, FailureCause cause, string? detail, MessageId? message) =>
        turn.Facts.MayBeOpen && turn.Sequence.Find(step) is { } failed
            ? turn.Move(
                turn.Run with { Verdict = null, Pause = null, Absence = null, Failure = new(cause, detail, turn.At), Position = AtFailed(failed, turn.At) },
                Reasons.Failed(failed, cause, detail, message), new RenewMessageId(step))
            : turn.Fact(Reasons.FailedAfterTheEnd(turn, cause, detail));

    private static Position AtFailed(Sequences.Step step, Instant at) =>
        new(Phase.Waiting, step.Id, Remaining: Duration.Zero, DueAt: at, Approved: step.Kind == Sequences.StepKind.ManualEmail);
}
