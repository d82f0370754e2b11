using NodaTime;

namespace Refrain.Core.Enrollments;

/// <summary>Failures that come from outside, and how they are resolved. The place stays at the failed step until somebody or something clears the cause.</summary>
public static partial class EnrollmentMachine
{
    private static Transition Bounce(Turn turn, SoftBounced signal)
    {
        if (!turn.IsOfLatest(signal) || turn.MayHaveGone || turn.Run.Failure is not null || turn.Sequence.Find(signal.Step) is not { } failed)
            return turn.Fact(Reasons.SoftBounceNoted(turn, signal));
        var next = turn.Run with { Failure = new(signal.Cause, signal.Detail, signal.At), Position = AtFailed(failed, signal.At) };
        return turn.Move(next, Reasons.SoftBounced(failed, signal), [new RenewMessageId(signal.Step), .. turn.Leave(TaskEnding.Withdrawn)]);
    }

    private static Transition Retry(Turn turn, Retried signal)
    {
        if (turn.Run.Failure is null)
            return turn.Refuse(Reasons.NotFailed(turn));
        if (!turn.IsUnknown)
            return turn.Move(Retrying(turn), Reasons.Retried(turn));
        if (signal.Unknown is not { } resolution)
            return turn.Refuse(Reasons.UnknownNeedsDecision(turn));
        return resolution switch
        {
            UnknownResolution.Resend => turn.Move(Retrying(turn), Reasons.ResendUnknown(turn)),
            UnknownResolution.Delivered => turn.Move(Delivered(turn), Reasons.SettledAsDelivered(turn), new SettleAsAccepted(turn.Place.Step!.Value)),
        };
    }

    private static Transition ClearCause(Turn turn, CauseCleared signal)
    {
        if (turn.Run.Failure is not { } failure)
            return turn.Refuse(Reasons.NotFailed(turn));
        if (failure.Cause == FailureCause.OutcomeUnknown)
            return turn.Refuse(Reasons.UnknownNeedsDecision(turn));
        return failure.Cause == signal.Cause
            ? turn.Move(Retrying(turn), Reasons.CauseCleared(turn, signal.Cause))
            : turn.Refuse(Reasons.OtherCause(turn, failure));
    }

    // Whoever retries a step today does not want to be asked whether it is late.
    private static Enrollment Retrying(Turn turn) =>
        turn.Run with { Failure = null, Position = turn.Place with { Attempts = 0, DueAt = turn.Place.DueAt is null ? null : turn.At } };

    private static Transition LoseSender(Turn turn, SenderLost signal)
    {
        var due = turn.IsDue || turn.Place.Phase == Phase.Capped || turn.Place is { Phase: Phase.Waiting, DueAt: not null, Remaining: { } wait } && wait == Duration.Zero;
        return due && turn.SendsByItself && turn.Run.Failure is null
            ? FailAt(turn, signal.Cause, signal.Detail, message: null)
            : turn.NoOp();
    }

    private static Transition RegainSender(Turn turn, SenderBack signal) =>
        turn.Run.Failure is { Cause: FailureCause.MailboxDisconnected or FailureCause.UserDeactivated } failure && failure.Cause == signal.Cause
        ? turn.Move(turn.Run with { Failure = null }, Reasons.SenderBack(turn, signal.Cause))
        : turn.NoOp();
}
