using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Virtual;

/// <summary>One run, and what an engine would keep beside it.</summary>
internal sealed class VirtualRun
{
    private IntentStage intent;
    private StepId? latestSent;

    public VirtualRun(Sequence sequence, Schedule schedule, VirtualMailbox mailbox, string domain, EnrollmentId id, Instant at)
    {
        (Sequence, Schedule, Mailbox, Domain, Hours) = (sequence, schedule, mailbox, domain, new(schedule));
        var run = new NewRun(id, WorkspaceId.New(), 0, UserId.New(), ContactId.New(), mailbox.Id, 1, at, Actor.Engine);
        Enrollment = EnrollmentGuards.Admit(run, sequence, new(schedule, false, false, null, 0, [], [], true, [], null)).Enrollment;
    }

    public Sequence Sequence { get; }
    public Schedule Schedule { get; }
    public OpeningTimes Hours { get; }
    public VirtualMailbox Mailbox { get; }
    public string Domain { get; }
    public Enrollment Enrollment { get; private set; }
    public Instant? EndedAt { get; set; }

    /// <summary>The slot that it was promised.</summary>
    public Instant? Promise { get; set; }

    /// <summary>The limit whose lane it stands in.</summary>
    public string? LimitName => Enrollment.Position.Cap?.Name;

    /// <summary>A promise is good while it is the run's own next time.</summary>
    public Instant? GoodPromise => Enrollment is { State: EnrollmentState.Active, Position.Phase: Phase.Waiting } && Promise == Enrollment.Position.NextAt ? Promise : null;

    public Step? Step => Enrollment.Position.Step is { } id ? Sequence.Find(id) : null;
    public SlotKind Kind => Enrollment.EmailsSent > 0 ? SlotKind.FollowUp : SlotKind.FirstStep;
    public SlotRequest Request => new(Enrollment.Id, Mailbox.Id, Sequence, Kind, Domain, Hours, GoodPromise);

    public Transition Decide(Signal signal)
    {
        var facts = new Facts(Schedule, intent, latestSent, MayBeOpen: true);
        var transition = EnrollmentMachine.Decide(Enrollment, Sequence, facts, signal);
        transition.Kind.ShouldNotBe(TransitionKind.Refused, transition.Why.Sentence);
        if (transition.Kind == TransitionKind.Moved)
            Enrollment = transition.Next;
        intent = transition.Effects.Any(effect => effect is SendEmail) ? IntentStage.Handed : signal is MessageAccepted ? IntentStage.None : intent;
        latestSent = signal is MessageAccepted accepted ? accepted.Step : latestSent;
        return transition;
    }
}
