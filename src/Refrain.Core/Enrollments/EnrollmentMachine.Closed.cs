namespace Refrain.Core.Enrollments;

/// <summary>
/// The columns of closed runs. Finished and Finished (No Reply) are verdicts of silence: a later fact about the run's own messages revises them to the truth.
/// The other seven change only by a correction.
/// </summary>
public static partial class EnrollmentMachine
{
    private static Transition WhenSilent(Turn turn) => turn.Signal.Kind switch
    {
        SignalKind.StepDue or SignalKind.StepHeld or SignalKind.CapReached or SignalKind.SlotFreed
            or SignalKind.ManualStepDue or SignalKind.ReminderDue or SignalKind.StepStale or SignalKind.PauseEnded or SignalKind.AbsenceEnded
            or SignalKind.LateReplyWaitEnded or SignalKind.SenderLost or SignalKind.SenderBack or SignalKind.MovedToVersion => turn.NoOp(),
        SignalKind.TaskCompleted or SignalKind.TaskSkipped or SignalKind.DraftSent or SignalKind.StepSkipped or SignalKind.Paused
            or SignalKind.Resumed or SignalKind.Retried or SignalKind.CauseCleared or SignalKind.MarkedNoReply or SignalKind.SenderChanged => turn.Refuse(Reasons.Closed(turn)),
        SignalKind.MessageAccepted => Counted(turn, Reasons.AfterTheEnd(turn)),
        SignalKind.MessageDeferred or SignalKind.MessageStopped or SignalKind.OutcomeLost
            or SignalKind.AbsenceStarted or SignalKind.NoticeReceived => turn.Fact(Reasons.AfterTheEnd(turn)),
        SignalKind.Corrected => turn.Fact(Reasons.Corrected((Corrected)turn.Signal)),
        SignalKind.AddressRefused => RefuseAddress(turn, (AddressRefused)turn.Signal),
        SignalKind.StepFailed => FailAfterTheEnd(turn, (StepFailed)turn.Signal),
        SignalKind.SoftBounced => BounceAfterTheEnd(turn, (SoftBounced)turn.Signal),
        SignalKind.HardBounced => ((HardBounced)turn.Signal).OfOwnMessage ? Close(turn, (HardBounced)turn.Signal) : MarkAddress(turn),
        SignalKind.Replied => ((Replied)turn.Signal).ToOwnMessage ? Reply(turn, (Replied)turn.Signal) : turn.Fact(Reasons.AfterTheEnd(turn)),
        SignalKind.OptedOut => ((OptedOut)turn.Signal).OwnMessage ? OptOut(turn, (OptedOut)turn.Signal) : NoteOptOut(turn, (OptedOut)turn.Signal),
        SignalKind.Removed => RemoveClosed(turn, (Removed)turn.Signal),
    };

    private static Transition WhenClosed(Turn turn) => turn.Signal.Kind switch
    {
        SignalKind.StepDue or SignalKind.StepHeld or SignalKind.CapReached or SignalKind.SlotFreed
            or SignalKind.ManualStepDue or SignalKind.ReminderDue or SignalKind.StepStale or SignalKind.PauseEnded or SignalKind.AbsenceEnded
            or SignalKind.LateReplyWaitEnded or SignalKind.SenderLost or SignalKind.SenderBack or SignalKind.MovedToVersion => turn.NoOp(),
        SignalKind.TaskCompleted or SignalKind.TaskSkipped or SignalKind.DraftSent or SignalKind.StepSkipped or SignalKind.Paused
            or SignalKind.Resumed or SignalKind.Retried or SignalKind.CauseCleared or SignalKind.MarkedNoReply or SignalKind.SenderChanged => turn.Refuse(Reasons.Closed(turn)),
        SignalKind.MessageAccepted => Counted(turn, Reasons.AfterTheEnd(turn)),
        SignalKind.MessageDeferred or SignalKind.MessageStopped or SignalKind.StepFailed or SignalKind.OutcomeLost
            or SignalKind.AbsenceStarted or SignalKind.SoftBounced or SignalKind.NoticeReceived or SignalKind.Replied => turn.Fact(Reasons.AfterTheEnd(turn)),
        SignalKind.AddressRefused or SignalKind.HardBounced => MarkAddress(turn),
        SignalKind.OptedOut => NoteOptOut(turn, (OptedOut)turn.Signal),
        SignalKind.Corrected => CorrectClosed(turn, (Corrected)turn.Signal),
        SignalKind.Removed => RemoveClosed(turn, (Removed)turn.Signal),
    };
}
