using NodaTime;
using Refrain.Core.Contacts;
using Refrain.Core.Inbound;
using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>Something that happened to an enrollment. <paramref name="At"/>: when it is applied, an instant; the machine has no other clock.</summary>
public abstract record Signal(Instant At, Actor By)
{
    public abstract SignalKind Kind { get; }
}

/// <summary>An automatic email step is due and every gate passes: its message may be intended.</summary>
public sealed record StepDue(Instant At) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.StepDue; }

/// <summary>A step is due and a gate other than a cap holds it until a time: window, gap, ramp. The enrollment stays Active with that time.</summary>
public sealed record StepHeld(Instant At, Instant Until, Why Why) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.StepHeld; }

/// <summary>A step is due and a cap is used up.</summary>
public sealed record CapReached(Instant At, CapUse Cap) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.CapReached; }

/// <summary>A slot under the cap is free and this enrollment is the one to have it.</summary>
public sealed record SlotFreed(Instant At) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.SlotFreed; }

/// <summary>A manual step is due: its draft or blocking task is to be opened. <paramref name="Task"/>: the id that the task will have.</summary>
public sealed record ManualStepDue(Instant At, TaskId Task) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.ManualStepDue; }

/// <summary>A reminder step is due: it is made, and the run moves on without waiting.</summary>
public sealed record ReminderDue(Instant At, TaskId Task) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.ReminderDue; }

/// <summary>The server accepted the step's message, or a copy of it proved that it had.</summary>
public sealed record MessageAccepted(Instant At, MessageId Message, StepId Step, string Answer) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.MessageAccepted; }

/// <summary>The server answered 4yz: the message was not taken and may be tried again (RFC 5321 section 4.2.1).</summary>
public sealed record MessageDeferred(Instant At, MessageId Message, StepId Step, string Answer) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.MessageDeferred; }

/// <summary>The last check before DATA stopped the message: the server never saw its content.</summary>
public sealed record MessageStopped(Instant At, MessageId Message, StepId Step, string Answer) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.MessageStopped; }

/// <summary>The server refused the message for its address (5yz with an address code of RFC 3463). <paramref name="Address"/>: where it went to.</summary>
public sealed record AddressRefused(Instant At, MessageId Message, StepId Step, EmailAddress Address, string Answer) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.AddressRefused; }

/// <summary>The step failed for another reason: refused otherwise, a merge field missing, policy. <paramref name="Message"/> is null when there was none yet.</summary>
public sealed record StepFailed(Instant At, StepId Step, FailureCause Cause, string? Detail, MessageId? Message = null) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.StepFailed; }

/// <summary>The message was handed over and no answer is known.</summary>
public sealed record OutcomeLost(Instant At, MessageId Message, StepId Step, string Detail) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.OutcomeLost; }

/// <summary>A person completed the open task, with an outcome if the step offers some.</summary>
public sealed record TaskCompleted(Instant At, Actor By, TaskId Task, string? Outcome = null) : Signal(At, By) { public override SignalKind Kind => SignalKind.TaskCompleted; }

/// <summary>A person skipped the open task or draft.</summary>
public sealed record TaskSkipped(Instant At, Actor By, TaskId Task) : Signal(At, By) { public override SignalKind Kind => SignalKind.TaskSkipped; }

/// <summary>A person sent the open draft.</summary>
public sealed record DraftSent(Instant At, Actor By, TaskId Task) : Signal(At, By) { public override SignalKind Kind => SignalKind.DraftSent; }

/// <summary>A user skipped the current step.</summary>
public sealed record StepSkipped(Instant At, Actor By) : Signal(At, By) { public override SignalKind Kind => SignalKind.StepSkipped; }

/// <summary>A user paused the enrollment, until an instant or until he resumes it.</summary>
public sealed record Paused(Instant At, Actor By, Instant? Until = null) : Signal(At, By) { public override SignalKind Kind => SignalKind.Paused; }

/// <summary>A user resumed the enrollment. <paramref name="RunAt"/>: take the step up at this instant (now = "run now") and not after the wait that remained.</summary>
public sealed record Resumed(Instant At, Actor By, Instant? RunAt = null) : Signal(At, By) { public override SignalKind Kind => SignalKind.Resumed; }

/// <summary>The date of the pause came.</summary>
public sealed record PauseEnded(Instant At) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.PauseEnded; }

/// <summary>An out-of-office answer: the contact is away until an instant at which the run may go on; null = until a user resumes. <paramref name="Dated"/>: the answer stated a return date.</summary>
public sealed record AbsenceStarted(Instant At, Instant? Until, bool Dated, MessageId? Message = null) : Signal(At, Actor.Contact) { public override SignalKind Kind => SignalKind.AbsenceStarted; }

/// <summary>The contact's absence is over.</summary>
public sealed record AbsenceEnded(Instant At) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.AbsenceEnded; }

/// <summary>A message came back that this run sent at <paramref name="Step"/>. <paramref name="Reported"/>: which one, since a step may have been tried again; null where only the step is known.</summary>
public sealed record SoftBounced(Instant At, StepId Step, FailureCause Cause, string? Detail, MessageId? Message = null, MessageId? Reported = null) : Signal(At, Actor.Contact) { public override SignalKind Kind => SignalKind.SoftBounced; }

/// <summary>Something came back that changes nothing: somebody else's bounce, a delay, a receipt, an automatic reply. <paramref name="What"/>: its class on the wire.</summary>
public sealed record NoticeReceived(Instant At, string What, string? Detail, MessageId? Message = null) : Signal(At, Actor.Contact) { public override SignalKind Kind => SignalKind.NoticeReceived; }

/// <summary>A hard bounce of an address that this run writes or wrote to. <paramref name="OfOwnMessage"/>: of a message that this run sent.</summary>
public sealed record HardBounced(Instant At, EmailAddress Address, string? Detail, bool OfOwnMessage, MessageId? Message = null) : Signal(At, Actor.Contact) { public override SignalKind Kind => SignalKind.HardBounced; }

/// <summary>What a person says about a message whose outcome is unknown.</summary>
public enum UnknownResolution
{
    /// <summary>Send it again, with the same Message-ID: at worst the contact gets it twice.</summary>
    Resend,

    /// <summary>It was delivered: go on.</summary>
    Delivered,
}

/// <summary>A user retries the failed step. An unknown outcome needs a <paramref name="Unknown"/>.</summary>
public sealed record Retried(Instant At, Actor By, UnknownResolution? Unknown = null) : Signal(At, By) { public override SignalKind Kind => SignalKind.Retried; }

/// <summary>The cause of a failure was cleared by somebody: the missing field was filled, the address corrected.</summary>
public sealed record CauseCleared(Instant At, Actor By, FailureCause Cause) : Signal(At, By) { public override SignalKind Kind => SignalKind.CauseCleared; }

/// <summary>The contact, an alias of his or a colleague in the thread replied. <paramref name="ToOwnMessage"/>: to a message that this run sent.</summary>
public sealed record Replied(Instant At, bool ToOwnMessage, MessageId? Message = null) : Signal(At, Actor.Contact) { public override SignalKind Kind => SignalKind.Replied; }

/// <summary>How somebody opted out.</summary>
public enum OptOutSource { Link, OneClick, MailTo, Reply, Complaint, User, Api }

/// <summary>The contact wants no more email. <paramref name="OwnMessage"/>: the link or words came with a message of this run.</summary>
public sealed record OptedOut(Instant At, Actor By, OptOutSource Source, bool OwnMessage, MessageId? Message = null) : Signal(At, By) { public override SignalKind Kind => SignalKind.OptedOut; }

/// <summary>What took a contact out of a sequence.</summary>
public enum RemovalRule { User, Suppressed, ContactDeleted, EndDate, DealClosed, CallOutcome, MeetingBooked }

/// <summary>A user or a rule took the contact out.</summary>
public sealed record Removed(Instant At, Actor By, RemovalRule Rule, string? Detail = null) : Signal(At, By) { public override SignalKind Kind => SignalKind.Removed; }

/// <summary>A user closed the run as not replied to.</summary>
public sealed record MarkedNoReply(Instant At, Actor By) : Signal(At, By) { public override SignalKind Kind => SignalKind.MarkedNoReply; }

/// <summary>The wait for a late reply after the last step is over.</summary>
public sealed record LateReplyWaitEnded(Instant At) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.LateReplyWaitEnded; }

/// <summary>The mailbox was disconnected or its user deactivated; raised for a run whose automatic step is due. <paramref name="Cause"/>: MailboxDisconnected or UserDeactivated.</summary>
public sealed record SenderLost(Instant At, FailureCause Cause, string? Detail) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.SenderLost; }

/// <summary>The mailbox or its user is back, or was replaced.</summary>
public sealed record SenderBack(Instant At, FailureCause Cause) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.SenderBack; }

/// <summary>A step is due so late that the sequence asks a person first. <paramref name="Task"/>: the id of the task that asks.</summary>
public sealed record StepStale(Instant At, Duration Late, TaskId Task) : Signal(At, Actor.Engine) { public override SignalKind Kind => SignalKind.StepStale; }

/// <summary>A new version was published and a user takes the open runs along. <paramref name="To"/>: the version; its steps are mapped by their ids.</summary>
public sealed record MovedToVersion(Instant At, Actor By, Sequence To) : Signal(At, By) { public override SignalKind Kind => SignalKind.MovedToVersion; }

/// <summary>A user gave the run to another mailbox, and so to the <paramref name="User"/> whose mailbox that is.</summary>
public sealed record SenderChanged(Instant At, Actor By, UserId User, MailboxId Mailbox) : Signal(At, By) { public override SignalKind Kind => SignalKind.SenderChanged; }

/// <summary>
/// A person says that a message was misread. <paramref name="Undo"/>: what it had done to this run, null if nothing that still stands. <paramref name="Overtaken"/>: the end that something
/// later has brought, such as an opt-out. <paramref name="Away"/>: the absence of the contact that is known now.
/// </summary>
public sealed record Corrected(Instant At, Actor By, MessageId Message, InboundClass Was, InboundClass Is, Undo? Undo = null, EnrollmentState? Overtaken = null, Hold? Away = null)
    : Signal(At, By) { public override SignalKind Kind => SignalKind.Corrected; }
