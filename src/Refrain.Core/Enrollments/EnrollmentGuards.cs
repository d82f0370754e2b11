using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sending;
using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>Who may be enrolled. Pure; every attempt becomes a row, a rejected one too.</summary>
public static class EnrollmentGuards
{
    /// <summary>
    /// Asks all guards in their order; the first that objects gives the state. A rejected attempt never runs. A missing address or field is no rejection: the run is
    /// open, and Failed until the cause is cleared. The start step must exist.
    /// </summary>
    public static Admission Admit(NewRun run, Sequence sequence, GuardFacts facts)
    {
        if (run.StartAtStep < 1 || run.StartAtStep > sequence.Steps.Count)
            throw new ArgumentOutOfRangeException(nameof(run), run.StartAtStep, $"The sequence has {sequence.Steps.Count} steps.");
        var first = sequence.Steps[run.StartAtStep - 1];
        var ends = NextSlot.DelayEnds(run.At, first.Delay, facts.Schedule);
        var slot = NextSlot.At(ends, first.At, facts.Schedule);
        var hits = Hits(sequence, facts, slot is null ? NeverRuns(facts.Schedule, ends, first) : null).ToList();
        var rejection = hits.Count > 0 && !hits[0].State.IsOpen() ? hits[0] : null;
        var failure = hits.Find(hit => hit.State == EnrollmentState.Failed);
        var absence = EnrollmentMachine.HeldBy(facts.Absence, sequence, facts.Schedule, run.At);
        var free = rejection is null && failure is null && absence is null;
        var enrollment = new Enrollment
        {
            Id = run.Id, Workspace = run.Workspace, Bucket = run.Bucket, User = run.User, Contact = run.Contact, Mailbox = run.Mailbox,
            Sequence = sequence.Id, SequenceVersion = sequence.Version, EnrolledAt = run.At, Since = run.At,
            Verdict = rejection?.State, Rejected = rejection is not null,
            Absence = rejection is null ? absence : null,
            Failure = rejection is null && failure is not null ? Failed(failure, run.At) : null,
            Position = free
                ? new(Phase.Waiting, first.Id, DelayEnds: ends, NextAt: slot, DueAt: slot)
                : new(Phase.Waiting, first.Id, Remaining: ends - run.At),
            Why = GuardReasons.Admitted(run, first, slot, facts.Schedule, rejection?.Why, absence, failure?.Why),
        };
        return new(enrollment, hits, []);
    }

    private static IEnumerable<GuardHit> Hits(Sequence sequence, GuardFacts facts, Why? neverRuns)
    {
        var mails = sequence.HasEmailStep;
        if (facts.OptedOut)
            yield return new(Guard.OptedOut, EnrollmentState.FinishedOptOut, GuardReasons.OptedOut());
        if (mails && facts.AddressKnownBad)
            yield return new(Guard.AddressBad, EnrollmentState.FinishedBounced, GuardReasons.KnownBadAddress());
        if (mails && facts.SuppressedBy is { } entry)
            yield return new(Guard.Suppressed, EnrollmentState.FinishedOptOut, GuardReasons.Suppressed(entry));
        if (Forbids(sequence.Settings.Readd, facts))
            yield return new(Guard.Readd, EnrollmentState.AlreadyEnrolled, GuardReasons.AlreadyEnrolled(sequence, facts));
        if (Blocking(sequence, facts) is { } blocking)
            yield return new(Guard.OneAtATime, EnrollmentState.OtherEnrolled, GuardReasons.OtherEnrolled(blocking));
        if (neverRuns is not null)
            yield return new(Guard.EndDate, EnrollmentState.FinishedUnenrolled, neverRuns);
        if (mails && !facts.HasAddress)
            yield return new(Guard.NoAddress, EnrollmentState.Failed, GuardReasons.NoAddress());
        if (mails && facts.MissingFields.Count > 0)
            yield return new(Guard.MissingField, EnrollmentState.Failed, GuardReasons.MissingFields(facts.MissingFields));
    }

    private static Why NeverRuns(Schedule schedule, Instant ends, Step first) =>
        NextSlot.At(ends, first.At, schedule.WithoutOwner) is null ? GuardReasons.NeverRuns(schedule) : GateReasons.OwnerNeverWorks;

    private static bool Forbids(ReaddRule rule, GuardFacts facts) => rule switch
    {
        ReaddRule.Once => facts.EarlierRuns > 0,
        ReaddRule.WhenNotActive => facts.OpenHere.Count > 0,
        ReaddRule.Any => false,
    };

    /// <summary>One at a time binds both ways: this sequence may demand it, or the one in which the contact is open.</summary>
    private static OpenRun? Blocking(Sequence sequence, GuardFacts facts) =>
        facts.OpenElsewhere.FirstOrDefault(run => sequence.Settings.OneAtATime || run.OneAtATime);

    private static Failure Failed(GuardHit hit, Instant at) => hit.Guard == Guard.NoAddress
        ? new(FailureCause.NoAddress, null, at)
        : new(FailureCause.MissingField, hit.Why.Arguments["fields"], at);
}
