using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>
/// The law: what each signal does to an enrollment in each state. Pure; the signal brings the time. A state that a signal does not concern
/// has its own arm: nothing is decided by default. Read it column by column; <c>docs/lifecycle.md</c> shows the same as a table.
/// </summary>
public static partial class EnrollmentMachine
{
    /// <summary>What the signal does to the enrollment, with the effects that belong into the same transaction.</summary>
    public static Transition Decide(Enrollment enrollment, Sequence sequence, Facts facts, Signal signal)
    {
        var turn = new Turn(enrollment, sequence, facts, signal);
        return enrollment.State switch
        {
            EnrollmentState.Active => WhenActive(turn),
            EnrollmentState.Pending => WhenPending(turn),
            EnrollmentState.Paused => WhenPaused(turn),
            EnrollmentState.PausedO3 => WhenAway(turn),
            EnrollmentState.Failed => WhenFailed(turn),
            EnrollmentState.FinishedNoReply or EnrollmentState.Finished => WhenSilent(turn),
            EnrollmentState.FinishedBounced or EnrollmentState.FinishedReplied or EnrollmentState.FinishedOptOut or EnrollmentState.Unsubscribed
                or EnrollmentState.AlreadyEnrolled or EnrollmentState.OtherEnrolled or EnrollmentState.FinishedUnenrolled => WhenClosed(turn),
        };
    }

    private static Transition WhenActive(Turn turn) => turn.Signal.Kind switch
    {
        SignalKind.StepDue => Send(turn),
        SignalKind.StepHeld => HoldStep(turn, (StepHeld)turn.Signal),
        SignalKind.CapReached => Cap(turn, (CapReached)turn.Signal),
        SignalKind.ManualStepDue => AskPerson(turn, (ManualStepDue)turn.Signal),
        SignalKind.ReminderDue => Remind(turn, (ReminderDue)turn.Signal),
        SignalKind.StepStale => AskAboutStale(turn, (StepStale)turn.Signal),
        SignalKind.MessageAccepted => Accept(turn, (MessageAccepted)turn.Signal),
        SignalKind.MessageDeferred => Defer(turn, (MessageDeferred)turn.Signal),
        SignalKind.MessageStopped => PutBack(turn, (MessageStopped)turn.Signal),
        SignalKind.AddressRefused => RefuseAddress(turn, (AddressRefused)turn.Signal),
        SignalKind.StepFailed => Fail(turn, (StepFailed)turn.Signal),
        SignalKind.OutcomeLost => LoseOutcome(turn, (OutcomeLost)turn.Signal),
        SignalKind.TaskCompleted or SignalKind.TaskSkipped or SignalKind.DraftSent => turn.Refuse(Reasons.NoOpenTask(turn)),
        SignalKind.StepSkipped => Skip(turn),
        SignalKind.Paused => Pause(turn, (Paused)turn.Signal),
        SignalKind.Resumed => turn.Refuse(Reasons.NotPaused(turn)),
        SignalKind.SlotFreed or SignalKind.PauseEnded or SignalKind.AbsenceEnded or SignalKind.SenderBack => turn.NoOp(),
        SignalKind.AbsenceStarted => StartAbsence(turn, (AbsenceStarted)turn.Signal),
        SignalKind.SoftBounced => Bounce(turn, (SoftBounced)turn.Signal),
        SignalKind.Corrected => Correct(turn, (Corrected)turn.Signal),
        SignalKind.NoticeReceived => turn.Fact(Reasons.Notice((NoticeReceived)turn.Signal)),
        SignalKind.HardBounced => Close(turn, (HardBounced)turn.Signal),
        SignalKind.Retried or SignalKind.CauseCleared => turn.Refuse(Reasons.NotFailed(turn)),
        SignalKind.Replied => Reply(turn, (Replied)turn.Signal),
        SignalKind.OptedOut => OptOut(turn, (OptedOut)turn.Signal),
        SignalKind.Removed => Remove(turn, (Removed)turn.Signal),
        SignalKind.MarkedNoReply => MarkNoReply(turn, (MarkedNoReply)turn.Signal),
        SignalKind.LateReplyWaitEnded => EndLateReplyWait(turn),
        SignalKind.SenderLost => LoseSender(turn, (SenderLost)turn.Signal),
        SignalKind.MovedToVersion => MoveToVersion(turn, (MovedToVersion)turn.Signal),
        SignalKind.SenderChanged => ChangeSender(turn, (SenderChanged)turn.Signal),
    };

    private static Transition WhenPending(Turn turn) => turn.Signal.Kind switch
    {
        // Nothing of a pending run comes due: it waits for a slot or a person. If two turns of the engine raced, the later one says so and changes nothing.
        SignalKind.StepDue or SignalKind.ManualStepDue or SignalKind.ReminderDue or SignalKind.StepStale => Impossible(turn),
        SignalKind.StepHeld or SignalKind.PauseEnded or SignalKind.AbsenceEnded
            or SignalKind.LateReplyWaitEnded or SignalKind.SenderBack => turn.NoOp(),
        SignalKind.CapReached => StayCapped(turn, (CapReached)turn.Signal),
        SignalKind.SlotFreed => FreeSlot(turn),
        SignalKind.MessageAccepted => Accept(turn, (MessageAccepted)turn.Signal),
        SignalKind.MessageDeferred => Defer(turn, (MessageDeferred)turn.Signal),
        SignalKind.MessageStopped => PutBack(turn, (MessageStopped)turn.Signal),
        SignalKind.AddressRefused => RefuseAddress(turn, (AddressRefused)turn.Signal),
        SignalKind.StepFailed => Fail(turn, (StepFailed)turn.Signal),
        SignalKind.OutcomeLost => LoseOutcome(turn, (OutcomeLost)turn.Signal),
        SignalKind.TaskCompleted => Complete(turn, (TaskCompleted)turn.Signal),
        SignalKind.TaskSkipped => SkipTask(turn, (TaskSkipped)turn.Signal),
        SignalKind.DraftSent => SendDraft(turn, (DraftSent)turn.Signal),
        SignalKind.StepSkipped => Skip(turn),
        SignalKind.Paused => Pause(turn, (Paused)turn.Signal),
        SignalKind.Resumed => turn.Refuse(Reasons.NotPaused(turn)),
        SignalKind.AbsenceStarted => StartAbsence(turn, (AbsenceStarted)turn.Signal),
        SignalKind.SoftBounced => Bounce(turn, (SoftBounced)turn.Signal),
        SignalKind.Corrected => Correct(turn, (Corrected)turn.Signal),
        SignalKind.NoticeReceived => turn.Fact(Reasons.Notice((NoticeReceived)turn.Signal)),
        SignalKind.HardBounced => Close(turn, (HardBounced)turn.Signal),
        SignalKind.Retried or SignalKind.CauseCleared => turn.Refuse(Reasons.NotFailed(turn)),
        SignalKind.Replied => Reply(turn, (Replied)turn.Signal),
        SignalKind.OptedOut => OptOut(turn, (OptedOut)turn.Signal),
        SignalKind.Removed => Remove(turn, (Removed)turn.Signal),
        SignalKind.MarkedNoReply => MarkNoReply(turn, (MarkedNoReply)turn.Signal),
        SignalKind.SenderLost => LoseSender(turn, (SenderLost)turn.Signal),
        SignalKind.MovedToVersion => MoveToVersion(turn, (MovedToVersion)turn.Signal),
        SignalKind.SenderChanged => ChangeSender(turn, (SenderChanged)turn.Signal),
    };

    private static Transition Impossible(Turn turn) => new(TransitionKind.NoOp, turn.Run, [], Reasons.CannotHappen(turn));
}
