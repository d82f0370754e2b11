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

    public VirtualRun(Sequence sequence, Schedule schedule, VirtualMailbox? mailbox, Instant at)
    {
        (Sequence, Schedule, Mailbox) = (sequence, schedule, mailbox);
        var run = new NewRun(EnrollmentId.New(), WorkspaceId.New(), 0, UserId.New(), ContactId.New(), MailboxId.New(), 1, at, Actor.Engine);
        Enrollment = EnrollmentGuards.Admit(run, sequence, new(schedule, false, false, null, 0, [], [], true, [], null)).Enrollment;
    }

    public Sequence Sequence { get; }
    public Schedule Schedule { get; }
    public VirtualMailbox? Mailbox { get; }
    public Enrollment Enrollment { get; private set; }
    public Instant? EndedAt { get; set; }

    /// <summary>Decides between equals.</summary>
    public int Track { get; init; }

    public Step? Step => Enrollment.Position.Step is { } id ? Sequence.Find(id) : null;
    public Instant Since => Enrollment.Position.DueAt!.Value;
    public Lane Lane => new(Sequence.Id, Enrollment.EmailsSent > 0 ? SlotKind.FollowUp : SlotKind.FirstStep);
    public (Instant, int, int) Key => (Since, Track, Step!.Number);

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

/// <summary>The throttles of a mailbox.</summary>
internal sealed class VirtualMailbox(IReadOnlyList<VirtualCap> caps, SendGap gap)
{
    public long Sent { get; private set; }

    public IReadOnlyList<VirtualCap> Caps { get; } = caps;
    public SendGap Gap { get; } = gap;
    public FairQueue Queue { get; set; } = FairQueue.Empty;
    public RollingBudget LastDay { get; private set; } = RollingBudget.Empty(int.MaxValue, Duration.FromHours(24));
    public Instant? GapEnds { get; private set; }

    public bool IsFree(Instant now) => !(GapEnds > now) && Caps.All(cap => cap.At(now).Free(now) > 0);

    public CapUse? FullCap(Instant now) => Caps.FirstOrDefault(cap => cap.At(now).Free(now) == 0) is { } full
        ? new("cap", full.At(now).Used(now), full.At(now).Cap, full.At(now).ReleaseAt(1, now) ?? now) : null;

    public Instant? NextFree(Instant now) => GapEnds > now ? GapEnds : null;

    public void Accept(Instant now)
    {
        foreach (var cap in Caps)
            cap.Budget = cap.Budget.Accept(now);
        LastDay = LastDay.Accept(now);
        GapEnds = Gap == new SendGap(Duration.Zero, Duration.Zero) ? null : Gap.NextAfter(now, Sent++);
    }
}

/// <summary>A cap, perhaps shared by mailboxes, perhaps growing.</summary>
internal sealed class VirtualCap(int cap, Duration window, RampUp? ramp = null)
{
    public RampUp? Ramp { get; } = ramp;
    public RollingBudget Budget { get; set; } = RollingBudget.Empty(cap, window);

    public RollingBudget At(Instant now) => Ramp is null ? Budget : Budget with { Cap = Math.Min(Budget.Cap, Ramp.CapOn(now.InUtc().Date)) };
}

/// <summary>What holds the first emails of a sequence.</summary>
internal sealed class VirtualLimits(RollingBudget? newContacts, int? maximumLive)
{
    public RollingBudget? NewContacts { get; private set; } = newContacts;
    public int? MaximumLive { get; } = maximumLive;
    public int Live { get; set; }

    public bool Allow(Instant now) => !(Live >= MaximumLive) && !(NewContacts?.Free(now) == 0);

    public void Begin(Instant now)
    {
        NewContacts = NewContacts?.Accept(now);
        Live++;
    }
}
