using NodaTime;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Core.Sending;
using Refrain.Core.Sequences;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Mail.Templates;

namespace Refrain.Engine.Sending;

/// <summary>Turns one due enrollment into its signal: a timer that ran out, a task to open, or an email that passes the gates or is held by one.</summary>
internal sealed class DueSteps(EmailTemplates templates)
{
    /// <summary>A knock, or null where the enrollment is only looked at again later.</summary>
    public Knock? SignalFor(DueCase due, MailboxCaps? caps, KnownSuppressions suppressions, MergeSender sender)
    {
        var run = due.Case.Enrollment;
        if (TimerOf(run, due.Now) is { } timer) return Knock(run, timer);
        var step = due.Case.Sequence.Find(run.Position.Step!.Value) ?? throw new InvalidOperationException($"Enrollment {run.Id} is at a step that its version lacks.");
        if (StaleSignal(due, step) is { } stale) return Knock(run, stale);
        var approved = run.Position.Approved && step.IsEmail;
        return step.Kind switch
        {
            StepKind.Email => EmailSignal(due, step, caps, suppressions, sender),
            StepKind.ManualEmail when approved => EmailSignal(due, step, caps, suppressions, sender),
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
        var late = due.Now - (position.DueAt ?? position.NextAt ?? due.Now);
        if (position.Approved || late <= Duration.FromDays(settings.StaleAfterDays)) return null;
        return settings.Stale switch
        {
            StalePolicy.Send => null,
            StalePolicy.Skip => new StepSkipped(due.Now, new(ActorKind.Rule, "stale")),
            StalePolicy.Ask => step.Kind == StepKind.Email ? new StepStale(due.Now, late, TaskId.New()) : null,
        };
    }

    private Knock? EmailSignal(DueCase due, Step step, MailboxCaps? caps, KnownSuppressions suppressions, MergeSender sender)
    {
        var (run, address) = (due.Case.Enrollment, due.Case.Contact.Email);
        if (!EmailAddress.TryParse(address, out var to)) return Knock(run, new StepFailed(due.Now, step.Id, FailureCause.NoAddress, address));
        if (caps is null) return Knock(run, new SenderLost(due.Now, FailureCause.MailboxDisconnected, "The mailbox was removed."));
        if (suppressions.KnownBad(address)) return Knock(run, new HardBounced(due.Now, to, "known_bad_address", OfOwnMessage: false));
        var blocking = SendGates.Blocking(SendGates.Evaluate(GateFactsOf(due, step, caps, suppressions)));
        if (blocking is not null) return Blocked(due, run, caps, blocking);
        var (email, fault) = Render(due, step, sender);
        if (fault is not null) return Knock(run, fault);
        caps.Take();
        return Knock(run, new StepDue(due.Now), email);
    }

    private static GateFacts GateFactsOf(DueCase due, Step step, MailboxCaps caps, KnownSuppressions suppressions)
    {
        var run = due.Case.Enrollment;
        var address = due.Case.Contact.Email;
        return new(due.Now, run.Position.NextAt ?? run.Position.DelayEnds ?? due.Now, run, step, due.Case.Facts.Schedule, suppressions.OptedOut(address), suppressions.SuppressedBy(address),
            due.Case.PredecessorSettled, null, caps.Full, caps.GapUntil, caps.Health, caps.HealthReason, caps.HealthSince, caps.ReadAt, Manual: false);
    }

    private static Knock? Blocked(DueCase due, Enrollment run, MailboxCaps caps, GateResult blocking)
    {
        Signal? signal = blocking.Gate switch
        {
            Gate.Suppression => new Removed(due.Now, new(ActorKind.Rule, "suppression"), RemovalRule.Suppressed, due.Case.Contact.Email),
            Gate.EndDate => new Removed(due.Now, new(ActorKind.Rule, "end_date"), RemovalRule.EndDate),
            Gate.Window => new StepHeld(due.Now, blocking.Until ?? due.Now, blocking.Why),
            Gate.Throttle => Throttled(due, caps, blocking),
            Gate.MailboxHealth when caps.Health == MailboxHealth.Checking => null,
            Gate.MailboxHealth => new SenderLost(due.Now, FailureCause.MailboxDisconnected, caps.HealthReason),
            Gate.State or Gate.Predecessor or Gate.SequencePaused or Gate.InboxFresh => null,
        };
        return signal is null ? null : Knock(run, signal);
    }

    private static Signal Throttled(DueCase due, MailboxCaps caps, GateResult blocking)
    {
        if (caps.Full.MaxBy(cap => cap.ReleaseAt) is { } full)
        {
            caps.Queue(full.Name);
            return new CapReached(due.Now, full);
        }
        caps.PlanBehindGap();
        return new StepHeld(due.Now, blocking.Until ?? due.Now, blocking.Why);
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

/// <summary>An enrollment whose time has come, with what the door loaded beside it.</summary>
internal sealed record DueCase(DoorCase Case, Instant Now);
