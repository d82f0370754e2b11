namespace Refrain.Core.Enrollments;

/// <summary>The columns of runs that are held or have failed: what happens beneath is recorded there, and the cover stays.</summary>
public static partial class EnrollmentMachine
{
    private static Transition WhenPaused(Turn turn) => turn.Signal.Kind switch
    {
        // A held step gave up its slot and is not due: whatever the clock says comes again when the hold is left.
        SignalKind.StepDue or SignalKind.StepHeld or SignalKind.CapReached or SignalKind.SlotFreed
            or SignalKind.ManualStepDue or SignalKind.ReminderDue or SignalKind.StepStale or SignalKind.LateReplyWaitEnded => turn.NoOp(),
        SignalKind.MessageAccepted => Accept(turn, (MessageAccepted)turn.Signal),
        SignalKind.MessageDeferred => Defer(turn, (MessageDeferred)turn.Signal),
        SignalKind.MessageStopped => PutBack(turn, (MessageStopped)turn.Signal),
        SignalKind.AddressRefused => RefuseAddress(turn, (AddressRefused)turn.Signal),
        SignalKind.StepFailed => Fail(turn, (StepFailed)turn.Signal),
        SignalKind.OutcomeLost => LoseOutcome(turn, (OutcomeLost)turn.Signal),
        SignalKind.TaskCompleted => Complete(turn, (TaskCompleted)turn.Signal),
        SignalKind.TaskSkipped => SkipTask(turn, (TaskSkipped)turn.Signal),
        SignalKind.DraftSent => turn.Refuse(Reasons.Held(turn)),
        SignalKind.StepSkipped => Skip(turn),
        SignalKind.Paused => Pause(turn, (Paused)turn.Signal),
        SignalKind.Resumed => Resume(turn, (Resumed)turn.Signal),
        SignalKind.PauseEnded => EndPause(turn),
        SignalKind.AbsenceStarted => StartAbsence(turn, (AbsenceStarted)turn.Signal),
        SignalKind.AbsenceEnded => EndAbsence(turn),
        SignalKind.SoftBounced => Bounce(turn, (SoftBounced)turn.Signal),
        SignalKind.Corrected => Correct(turn, (Corrected)turn.Signal),
        SignalKind.NoticeReceived => turn.Fact(Reasons.Notice((NoticeReceived)turn.Signal)),
        SignalKind.HardBounced => Close(turn, (HardBounced)turn.Signal),
        SignalKind.Retried => Retry(turn, (Retried)turn.Signal),
        SignalKind.CauseCleared => ClearCause(turn, (CauseCleared)turn.Signal),
        SignalKind.Replied => Reply(turn, (Replied)turn.Signal),
        SignalKind.OptedOut => OptOut(turn, (OptedOut)turn.Signal),
        SignalKind.Removed => Remove(turn, (Removed)turn.Signal),
        SignalKind.MarkedNoReply => MarkNoReply(turn, (MarkedNoReply)turn.Signal),
        SignalKind.SenderLost => LoseSender(turn, (SenderLost)turn.Signal),
        SignalKind.SenderBack => RegainSender(turn, (SenderBack)turn.Signal),
        SignalKind.MovedToVersion => MoveToVersion(turn, (MovedToVersion)turn.Signal),
        SignalKind.SenderChanged => ChangeSender(turn, (SenderChanged)turn.Signal),
    };

    private static Transition WhenAway(Turn turn) => turn.Signal.Kind switch
    {
        SignalKind.StepDue or SignalKind.StepHeld or SignalKind.CapReached or SignalKind.SlotFreed
            or SignalKind.ManualStepDue or SignalKind.ReminderDue or SignalKind.StepStale or SignalKind.LateReplyWaitEnded
            or SignalKind.PauseEnded => turn.NoOp(),
        SignalKind.MessageAccepted => Accept(turn, (MessageAccepted)turn.Signal),
        SignalKind.MessageDeferred => Defer(turn, (MessageDeferred)turn.Signal),
        SignalKind.MessageStopped => PutBack(turn, (MessageStopped)turn.Signal),
        SignalKind.AddressRefused => RefuseAddress(turn, (AddressRefused)turn.Signal),
        SignalKind.StepFailed => Fail(turn, (StepFailed)turn.Signal),
        SignalKind.OutcomeLost => LoseOutcome(turn, (OutcomeLost)turn.Signal),
        SignalKind.TaskCompleted => Complete(turn, (TaskCompleted)turn.Signal),
        SignalKind.TaskSkipped => SkipTask(turn, (TaskSkipped)turn.Signal),
        SignalKind.DraftSent => turn.Refuse(Reasons.Held(turn)),
        SignalKind.StepSkipped => Skip(turn),
        SignalKind.Paused => Pause(turn, (Paused)turn.Signal),
        SignalKind.Resumed => Resume(turn, (Resumed)turn.Signal),
        SignalKind.AbsenceStarted => StartAbsence(turn, (AbsenceStarted)turn.Signal),
        SignalKind.AbsenceEnded => EndAbsence(turn),
        SignalKind.SoftBounced => Bounce(turn, (SoftBounced)turn.Signal),
        SignalKind.Corrected => Correct(turn, (Corrected)turn.Signal),
        SignalKind.NoticeReceived => turn.Fact(Reasons.Notice((NoticeReceived)turn.Signal)),
        SignalKind.HardBounced => Close(turn, (HardBounced)turn.Signal),
        SignalKind.Retried => Retry(turn, (Retried)turn.Signal),
        SignalKind.CauseCleared => ClearCause(turn, (CauseCleared)turn.Signal),
        SignalKind.Replied => ReplyWhileAway(turn, (Replied)turn.Signal),
        SignalKind.OptedOut => OptOut(turn, (OptedOut)turn.Signal),
        SignalKind.Removed => Remove(turn, (Removed)turn.Signal),
        SignalKind.MarkedNoReply => MarkNoReply(turn, (MarkedNoReply)turn.Signal),
        SignalKind.SenderLost => LoseSender(turn, (SenderLost)turn.Signal),
        SignalKind.SenderBack => RegainSender(turn, (SenderBack)turn.Signal),
        SignalKind.MovedToVersion => MoveToVersion(turn, (MovedToVersion)turn.Signal),
        SignalKind.SenderChanged => ChangeSender(turn, (SenderChanged)turn.Signal),
    };

    private static Transition WhenFailed(Turn turn) => turn.Signal.Kind switch
    {
        SignalKind.StepDue or SignalKind.StepHeld or SignalKind.CapReached or SignalKind.SlotFreed
            or SignalKind.ManualStepDue or SignalKind.ReminderDue or SignalKind.StepStale or SignalKind.LateReplyWaitEnded
            or SignalKind.PauseEnded or SignalKind.AbsenceEnded or SignalKind.SenderLost => turn.NoOp(),
        SignalKind.MessageAccepted => Accept(turn, (MessageAccepted)turn.Signal),
        SignalKind.MessageDeferred => turn.Fact(Reasons.LateOutcome(turn, ((MessageDeferred)turn.Signal).Step, ((MessageDeferred)turn.Signal).Answer)),
        SignalKind.MessageStopped => turn.Fact(Reasons.LateOutcome(turn, ((MessageStopped)turn.Signal).Step, ((MessageStopped)turn.Signal).Answer)),
        SignalKind.AddressRefused => RefuseAddress(turn, (AddressRefused)turn.Signal),
        SignalKind.StepFailed => Fail(turn, (StepFailed)turn.Signal),
        SignalKind.OutcomeLost => LoseOutcome(turn, (OutcomeLost)turn.Signal),
        SignalKind.TaskCompleted => Complete(turn, (TaskCompleted)turn.Signal),
        SignalKind.TaskSkipped => SkipTask(turn, (TaskSkipped)turn.Signal),
        SignalKind.DraftSent => turn.Refuse(Reasons.Held(turn)),
        SignalKind.StepSkipped => Skip(turn),
        SignalKind.Paused => Pause(turn, (Paused)turn.Signal),
        SignalKind.Resumed => turn.Refuse(Reasons.NotPaused(turn)),
        SignalKind.AbsenceStarted => StartAbsence(turn, (AbsenceStarted)turn.Signal),
        SignalKind.SoftBounced => Bounce(turn, (SoftBounced)turn.Signal),
        SignalKind.Corrected => Correct(turn, (Corrected)turn.Signal),
        SignalKind.NoticeReceived => turn.Fact(Reasons.Notice((NoticeReceived)turn.Signal)),
        SignalKind.HardBounced => Close(turn, (HardBounced)turn.Signal),
        SignalKind.Retried => Retry(turn, (Retried)turn.Signal),
        SignalKind.CauseCleared => ClearCause(turn, (CauseCleared)turn.Signal),
        SignalKind.Replied => Reply(turn, (Replied)turn.Signal),
        SignalKind.OptedOut => OptOut(turn, (OptedOut)turn.Signal),
        SignalKind.Removed => Remove(turn, (Removed)turn.Signal),
        SignalKind.MarkedNoReply => MarkNoReply(turn, (MarkedNoReply)turn.Signal),
        SignalKind.SenderBack => RegainSender(turn, (SenderBack)turn.Signal),
        SignalKind.MovedToVersion => MoveToVersion(turn, (MovedToVersion)turn.Signal),
        SignalKind.SenderChanged => ChangeSender(turn, (SenderChanged)turn.Signal),
    };
}
