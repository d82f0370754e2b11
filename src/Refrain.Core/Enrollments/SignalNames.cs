namespace Refrain.Core.Enrollments;

/// <summary>Names of the signals, for the timeline.</summary>
public static class SignalNames
{
    private static readonly NameTable<SignalKind> Signals = new(WireName);

    /// <summary>The stable name in snake case, such as <c>message_accepted</c>.</summary>
    public static string WireName(this SignalKind value) => value switch
    {
        SignalKind.StepDue => "step_due",
        SignalKind.StepHeld => "step_held",
        SignalKind.CapReached => "cap_reached",
        SignalKind.SlotFreed => "slot_freed",
        SignalKind.ManualStepDue => "manual_step_due",
        SignalKind.ReminderDue => "reminder_due",
        SignalKind.MessageAccepted => "message_accepted",
        SignalKind.MessageDeferred => "message_deferred",
        SignalKind.MessageStopped => "message_stopped",
        SignalKind.AddressRefused => "address_refused",
        SignalKind.StepFailed => "step_failed",
        SignalKind.OutcomeLost => "outcome_lost",
        SignalKind.TaskCompleted => "task_completed",
        SignalKind.TaskSkipped => "task_skipped",
        SignalKind.DraftSent => "draft_sent",
        SignalKind.StepSkipped => "step_skipped",
        SignalKind.Paused => "paused",
        SignalKind.Resumed => "resumed",
        SignalKind.PauseEnded => "pause_ended",
        SignalKind.AbsenceStarted => "absence_started",
        SignalKind.AbsenceEnded => "absence_ended",
        SignalKind.SoftBounced => "soft_bounced",
        SignalKind.NoticeReceived => "notice_received",
        SignalKind.HardBounced => "hard_bounced",
        SignalKind.Retried => "retried",
        SignalKind.CauseCleared => "cause_cleared",
        SignalKind.Replied => "replied",
        SignalKind.OptedOut => "opted_out",
        SignalKind.Removed => "removed",
        SignalKind.MarkedNoReply => "marked_no_reply",
        SignalKind.LateReplyWaitEnded => "late_reply_wait_ended",
        SignalKind.SenderLost => "sender_lost",
        SignalKind.SenderBack => "sender_back",
        SignalKind.StepStale => "step_stale",
        SignalKind.MovedToVersion => "moved_to_version",
        SignalKind.SenderChanged => "sender_changed",
        SignalKind.Corrected => "corrected",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out SignalKind value) => Signals.TryParse(name, out value);
}
