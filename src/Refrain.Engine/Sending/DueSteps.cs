using NodaTime;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Core.Sending;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Mail.Templates;

namespace Refrain.Engine.Sending;

/// <summary>Turns one due enrollment into its signal: a timer that ran out, a task to open, or an email that passes the gates or is held by one.</summary>
internal sealed class DueSteps(EmailTemplates templates)
{
    // Hours that never meet may be changed by somebody.
    private static readonly Duration LookAgain = Duration.FromDays(1);

    /// <summary>A knock, or null where the enrollment is only looked at again later.</summary>
    public Knock? SignalFor(DueCase due, SendingMailbox? mailbox, KnownSuppressions suppressions, ContactRests rests, MergeSender sender)
    {
        var run = due.Case.Enrollment;
        if (TimerOf(run, due.Now) is { } timer) return Knock(run, timer);
        var step = due.Case.Sequence.Find(run.Position.Step!.Value) ?? throw new InvalidOperationException($"Enrollment {run.Id} is at a step that its version lacks.");
        if (StaleSignal(due, step) is { } stale) return Knock(run, stale);
        var approved = run.Position.Approved && step.IsEmail;
        return step.Kind switch
        {
            StepKind.Email when rests.Until(due) is { } until => Knock(run, new StepHeld(due.Now, until, SendGates.ContactRest(until, due.Case.Facts.Schedule))),
            StepKind.Email => EmailSignal(due, step, mailbox, suppressions, rests, sender),
            StepKind.ManualEmail when approved => EmailSignal(due, step, mailbox, suppressions, rests, sender),
            StepKind.ManualEmail => Knock(run, new ManualStepDue(due.Now, TaskId.New()), DraftOf(due, step, sender)),
            StepKind.Call or StepKind.Todo => Knock(run, new ManualStepDue(due.Now, TaskId.New())),
            StepKind.Reminder => Knock(run, new ReminderDue(due.Now, TaskId.New())),
        };
    }

    private static Knock Knock(Enrollment run, Signal signal, RenderedEmail? email = null) => new(run.Bucket, run.Id, _ => signal, run.Revision, email);

    private static Signal? TimerOf(Enrollment run, Instant now) => run.State switch
    {
        EnrollmentState.Paused => new PauseEnded(now),
        EnrollmentState.PausedO3 => new AbsenceEnded(now),
        EnrollmentState.Active => run.Position.Step is null ? new LateReplyWaitEnded(now) : null,
        EnrollmentState.Pending or EnrollmentState.Failed or EnrollmentState.FinishedBounced or EnrollmentState.FinishedReplied
            or EnrollmentState.FinishedNoReply or EnrollmentState.FinishedOptOut or EnrollmentState.Finished or EnrollmentState.Unsubscribed
            or EnrollmentState.AlreadyEnrolled or EnrollmentState.OtherEnrolled or EnrollmentState.FinishedUnenrolled => null,
    };

    private static Signal? StaleSignal(DueCase due, Step step)
    {
        var settings = due.Case.Sequence.Settings;
        var position = due.Case.Enrollment.Position;
        // Who was given a planned time is late from then on.
        var late = due.Now - (due.Promise ?? position.DueAt ?? position.NextAt ?? due.Now);
        if (position.Approved || late <= Duration.FromDays(settings.StaleAfterDays)) return null;
        return settings.Stale switch
        {
            StalePolicy.Send => null,
            StalePolicy.Skip => new StepSkipped(due.Now, new(ActorKind.Rule, "stale")),
            StalePolicy.Ask => step.Kind == StepKind.Email ? new StepStale(due.Now, late, TaskId.New()) : null,
        };
    }

    private Knock? EmailSignal(DueCase due, Step step, SendingMailbox? mailbox, KnownSuppressions suppressions, ContactRests rests, MergeSender sender)
    {
        var (run, address) = (due.Case.Enrollment, due.Case.Contact.Email);
        if (!EmailAddress.TryParse(address, out var to)) return Knock(run, new StepFailed(due.Now, step.Id, FailureCause.NoAddress, address));
        if (mailbox is null) return Knock(run, new SenderLost(due.Now, FailureCause.MailboxDisconnected, "The mailbox was removed."));
        if (suppressions.KnownBad(address)) return Knock(run, new HardBounced(due.Now, to, "known_bad_address", OfOwnMessage: false));
        var request = RequestOf(due.Case, due.Promise);
        var answer = mailbox.Desk.Ask(request, due.Now);
        var blocking = SendGates.Blocking(SendGates.Evaluate(GateFactsOf(due, step, mailbox, answer, suppressions)));
        if (blocking is not null) return Blocked(due, mailbox, request, answer, blocking);
        var (email, fault) = Render(due, step, sender);
        if (fault is not null) return Knock(run, fault);
        mailbox.Desk.Take(request, due.Now);
        due.Went = true;
        rests.Mail(run);
        return Knock(run, new StepDue(due.Now), email);
    }

    internal static SlotRequest RequestOf(DoorCase found, Instant? promise) => new(
        found.Enrollment.Id, found.Enrollment.Mailbox!.Value, found.Sequence, found.Enrollment.EmailsSent > 0 ? SlotKind.FollowUp : SlotKind.FirstStep,
        LimitUse.DomainOf(found.Contact.Email), new(found.Facts.Schedule), promise, found.Enrollment.Position.Attempts > 0);

    private static GateFacts GateFactsOf(DueCase due, Step step, SendingMailbox mailbox, SlotAnswer answer, KnownSuppressions suppressions)
    {
        var run = due.Case.Enrollment;
        var address = due.Case.Contact.Email;
        var plan = answer as SlotAnswer.Plan;
        return new(due.Now, run.Position.NextAt ?? run.Position.DelayEnds ?? due.Now, run, step, due.Case.Facts.Schedule, suppressions.OptedOut(address), suppressions.SuppressedBy(address),
            due.Case.PredecessorSettled, null, (answer as SlotAnswer.Wait)?.Full ?? [], plan?.At, mailbox.Health, mailbox.HealthReason, mailbox.HealthSince, mailbox.ReadAt,
            Manual: false, plan);
    }

    private static Knock? Blocked(DueCase due, SendingMailbox mailbox, SlotRequest request, SlotAnswer answer, GateResult blocking)
    {
        var run = due.Case.Enrollment;
        Signal? signal = blocking.Gate switch
        {
            Gate.Suppression => new Removed(due.Now, new(ActorKind.Rule, "suppression"), RemovalRule.Suppressed, due.Case.Contact.Email),
            Gate.EndDate => new Removed(due.Now, new(ActorKind.Rule, "end_date"), RemovalRule.EndDate),
            Gate.Window => new StepHeld(due.Now, blocking.Until ?? due.Now + LookAgain, blocking.Why),
            Gate.Throttle => Throttled(due, mailbox, request, answer, blocking),
            Gate.MailboxHealth when mailbox.Health == MailboxHealth.Checking => null,
            Gate.MailboxHealth => new SenderLost(due.Now, FailureCause.MailboxDisconnected, mailbox.HealthReason),
            Gate.State or Gate.Predecessor or Gate.SequencePaused or Gate.InboxFresh => null,
        };
        return signal is null ? null : Knock(run, signal);
    }

    private static Signal Throttled(DueCase due, SendingMailbox mailbox, SlotRequest request, SlotAnswer answer, GateResult blocking)
    {
        if (answer is SlotAnswer.Wait wait)
        {
            due.Lane = mailbox.Desk.Enqueue(request, wait, due.Case.Enrollment.Position.DueAt ?? due.Now);
            return new CapReached(due.Now, wait.Longest);
        }
        var plan = (SlotAnswer.Plan)answer;
        mailbox.Desk.Promise(request, plan);
        due.Slot = plan.At;
        return new StepHeld(due.Now, plan.At, blocking.Why);
    }

    private RenderedEmail? DraftOf(DueCase due, Step step, MergeSender sender) =>
        step.Kind == StepKind.ManualEmail ? Render(due, step, sender).Email : null;

    private (RenderedEmail? Email, StepFailed? Fault) Render(DueCase due, Step step, MergeSender sender) =>
        templates.Render(step.Email!, ContactMerge.Of(due.Case.Contact), sender) switch
        {
            RenderOutcome.Rendered rendered => (new(rendered.Subject, rendered.Text, rendered.Html), null),
            RenderOutcome.MissingField missing => (null, new(due.Now, step.Id, FailureCause.MissingField, missing.Name)),
            RenderOutcome.Broken broken => (null, new(due.Now, step.Id, FailureCause.BrokenTemplate, broken.Why)),
            var other => throw new InvalidOperationException($"Rendering gave {other}."),
        };
}

/// <summary>An enrollment whose time has come, with what the door loaded beside it, and the slot that it was promised, if it was.</summary>
internal sealed record DueCase(DoorCase Case, Instant Now, Instant? Promise)
{
    /// <summary>The lane that it is to wait in, once that is decided.</summary>
    public LaneKey? Lane { get; set; }

    /// <summary>It had its slot.</summary>
    public bool Went { get; set; }

    /// <summary>It is only looked at again later: its own times stay what they are, and so does its slot.</summary>
    public bool Postponed { get; set; }

    /// <summary>It was promised a slot and does not go: others may have it.</summary>
    public bool GaveUp => Promise is not null && !Went && !Postponed && Slot is null;

    /// <summary>The planned time that it was given.</summary>
    public Instant? Slot { get; set; }
}
