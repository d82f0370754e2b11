using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Core.Schedules;

namespace Refrain.Core.Sending;

/// <summary>All that stands before a message, in order; the first that does not pass decides. The same list sends and answers "why not yet?".</summary>
public static class SendGates
{
    /// <summary>Every gate with its verdict, in order, also behind the one that blocks.</summary>
    public static IReadOnlyList<GateResult> Evaluate(GateFacts facts) => [.. Enum.GetValues<Gate>().Select(gate => Evaluate(gate, facts))];

    /// <summary>The first gate that does not pass; null when all do.</summary>
    public static GateResult? Blocking(IReadOnlyList<GateResult> results) => results.FirstOrDefault(result => result.Verdict != GateVerdict.Pass);

    /// <summary>Why an email waits that would be the second to its contact within 24 hours.</summary>
    public static Why ContactRest(Instant until, Schedule schedule) => GateReasons.ContactRest(until, schedule);

    private static GateResult Evaluate(Gate gate, GateFacts facts) => gate switch
    {
        Gate.Suppression => Suppression(facts),
        Gate.State => State(facts),
        Gate.Predecessor => facts.PredecessorDelivered ? Pass(gate, GateReasons.Followed) : Hold(gate, GateReasons.NotFollowed, facts.DueAt, until: null),
        Gate.SequencePaused => facts.SequencePausedSince is { } since ? Hold(gate, GateReasons.SequencePaused, since, until: null) : Pass(gate, GateReasons.SequenceRuns),
        Gate.EndDate => NextOpen(facts, facts.Schedule.WithoutOwner) is null ? Stop(gate, GateReasons.Ended(facts.Schedule), facts.DueAt) : Pass(gate, GateReasons.NotEnded),
        Gate.Window => Window(facts),
        Gate.Throttle => Throttle(facts),
        Gate.MailboxHealth => Health(facts),
        Gate.InboxFresh => facts.InboxReadAt >= facts.DueAt ? Pass(gate, GateReasons.InboxRead) : Hold(gate, GateReasons.InboxStale, facts.DueAt, until: null),
    };

    private static GateResult Suppression(GateFacts facts)
    {
        if (facts.OptedOut)
            return Stop(Gate.Suppression, GateReasons.OptedOut, since: null);
        return facts.SuppressedBy is { } entry
            ? Stop(Gate.Suppression, GateReasons.Suppressed(entry), since: null)
            : Pass(Gate.Suppression, GateReasons.NotSuppressed);
    }

    // A used-up cap is the throttle's to explain: the state lets such a run through.
    private static GateResult State(GateFacts facts)
    {
        var run = facts.Enrollment;
        return run.State switch
        {
            EnrollmentState.Active => facts.Now < facts.DueAt && !facts.Manual
                ? Hold(Gate.State, NotDue(facts), run.Since, facts.DueAt)
                : Pass(Gate.State, GateReasons.Allowed),
            EnrollmentState.Pending => facts.Manual || run.Position.Phase == Phase.Capped ? Pass(Gate.State, GateReasons.Allowed) : Held(run, until: null),
            EnrollmentState.Paused => Held(run, run.Pause!.Until),
            EnrollmentState.PausedO3 => Held(run, run.Absence!.Until),
            EnrollmentState.Failed => Held(run, until: null),
            EnrollmentState.FinishedBounced or EnrollmentState.FinishedReplied or EnrollmentState.FinishedNoReply or EnrollmentState.FinishedOptOut
                or EnrollmentState.Finished or EnrollmentState.Unsubscribed or EnrollmentState.AlreadyEnrolled or EnrollmentState.OtherEnrolled
                or EnrollmentState.FinishedUnenrolled => Stop(Gate.State, run.Why, run.Since),
        };
    }

    private static GateResult Held(Enrollment run, Instant? until) => Hold(Gate.State, run.Why, run.Since, until);

    private static GateResult Window(GateFacts facts)
    {
        // The step's own time of day was met when it came due. Missed with its window, it goes at that time on the next open day.
        if (facts.Manual || NextSlot.IsOpen(facts.Now, facts.Schedule))
            return Pass(Gate.Window, GateReasons.WindowOpen);
        var (next, without) = (NextOpen(facts, facts.Schedule), NextOpen(facts, facts.Schedule.WithoutOwner));
        var why = next == without ? GateReasons.WindowShut(next, facts.Schedule)
            : next is { } at ? GateReasons.OwnerAway(at, windowIsOpen: without == facts.Now, facts.Schedule)
            : GateReasons.OwnerNeverWorks;
        return Hold(Gate.Window, why, facts.DueAt, next);
    }

    private static Instant? NextOpen(GateFacts facts, Schedule schedule) => facts.Manual && !schedule.HasEnded(facts.Now) ? facts.Now
        : NextSlot.IsOpen(facts.Now, schedule) ? facts.Now
        : NextSlot.At(facts.Now, facts.Step.At, schedule);

    private static Why NotDue(GateFacts facts) =>
        facts.Enrollment.Position.DelayEnds is { } ends && NextSlot.At(ends, facts.Step.At, facts.Schedule.WithoutOwner) < facts.DueAt && facts.Schedule.OwnerHours is not null
            ? GateReasons.NotDueForOwner(facts.Step, facts.DueAt, facts.Schedule)
            : GateReasons.NotDue(facts.Step, facts.DueAt, facts.Schedule);

    private static GateResult Throttle(GateFacts facts)
    {
        var since = facts.Enrollment.Position.Phase == Phase.Capped ? facts.Enrollment.Since : facts.DueAt;
        if (facts.FullCaps.Count > 0)
        {
            var last = facts.FullCaps.MaxBy(cap => cap.ReleaseAt ?? Instant.MaxValue)!;
            return facts.Manual ? Pass(Gate.Throttle, GateReasons.OverCapByHand(last)) : Hold(Gate.Throttle, GateReasons.CapFull(last, facts.Schedule), since, last.ReleaseAt);
        }
        return facts.GapUntil is { } gap && gap > facts.Now && !facts.Manual
            ? Hold(Gate.Throttle, facts.Plan is { } plan ? GateReasons.Planned(plan, facts.Schedule) : GateReasons.Gap(gap, facts.Schedule), since, gap)
            : Pass(Gate.Throttle, GateReasons.ThrottleFree);
    }

    private static GateResult Health(GateFacts facts) => facts.Health switch
    {
        MailboxHealth.Healthy => Pass(Gate.MailboxHealth, GateReasons.MailboxHealthy),
        MailboxHealth.Checking => Hold(Gate.MailboxHealth, GateReasons.MailboxChecking, facts.HealthSince, until: null),
        MailboxHealth.Unhealthy => Hold(Gate.MailboxHealth, GateReasons.MailboxUnhealthy(facts.HealthReason), facts.HealthSince, until: null),
    };

    private static GateResult Pass(Gate gate, Why why) => new(gate, GateVerdict.Pass, why, null, null);
    private static GateResult Hold(Gate gate, Why why, Instant? since, Instant? until) => new(gate, GateVerdict.Hold, why, since, until);
    private static GateResult Stop(Gate gate, Why why, Instant? since) => new(gate, GateVerdict.Stop, why, since, null);
}
