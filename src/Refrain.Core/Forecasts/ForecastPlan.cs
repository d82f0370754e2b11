using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Forecasts;

/// <summary>All that a forecast knows: nothing in it is looked up later.</summary>
/// <param name="Now">When the virtual clock starts.</param>
/// <param name="Days">The zone whose calendar days are counted: the sequence's.</param>
/// <param name="Subject">The sequence that is asked about. Others only compete with it for slots.</param>
/// <param name="Senders">The mailboxes. Those of one user share his budget.</param>
/// <param name="Limits">Limits of sequences; none for a sequence that is not named.</param>
/// <param name="Waves">What waits already, and who is to be enrolled.</param>
public sealed record ForecastPlan(
    Instant Now, DateTimeZone Days, SequenceId Subject, IReadOnlyList<PlannedSender> Senders, IReadOnlyList<PlannedLimit> Limits, IReadOnlyList<Wave> Waves);

/// <summary>A mailbox and what slows it.</summary>
/// <param name="Id">Whose mail it is.</param>
/// <param name="Budgets">Its rolling caps, those that it shares included: the same object stands at each sender that shares it.</param>
/// <param name="Gap">The least time between two emails.</param>
/// <param name="FreeAt">The end of the gap that runs now; null when none runs.</param>
public sealed record PlannedSender(MailboxId Id, IReadOnlyList<PlannedBudget> Budgets, SendGap Gap, Instant? FreeAt = null)
{
    /// <summary>Whose turn it is; sharing begins anew where that is not known.</summary>
    public FairQueue Queue { get; init; } = FairQueue.Empty;

    /// <summary>What it sent in the last 24 hours, whatever its caps are: sharing looks at it.</summary>
    public RollingBudget LastDay { get; init; } = RollingBudget.Empty(int.MaxValue, Duration.FromHours(24));

    /// <summary>The seed of the next jitter; each email takes the next one.</summary>
    public long Sent { get; init; }
}

/// <summary>A rolling cap as it stands now. <paramref name="Ramp"/>: what the cap grows by, in the zone of the mailbox's owner; null when it stays.</summary>
public sealed record PlannedBudget(RollingBudget Budget, RampUp? Ramp = null, DateTimeZone? RampZone = null);

/// <summary>The limits of a sequence.</summary>
/// <param name="Sequence">Which.</param>
/// <param name="NewContacts">First emails in any 24 hours; null = no limit.</param>
/// <param name="MaximumLive">How many runs may be under way at once; null = no limit.</param>
/// <param name="Live">How many are under way that no wave tells of: they keep their place for good.</param>
public sealed record PlannedLimit(SequenceId Sequence, RollingBudget? NewContacts, int? MaximumLive, int Live = 0);

/// <summary>Runs that are alike: what happens to one at an instant happens to all.</summary>
/// <param name="Sequence">The version they run in.</param>
/// <param name="Schedule">Windows, zone and holidays, resolved for these contacts.</param>
/// <param name="Sender">Their mailbox, as an index into the plan's senders; null when they have none.</param>
/// <param name="Step">The index of the step they wait for; the number of steps while they wait for a late reply.</param>
/// <param name="Since">When the step's delay ends, or ended: the step is taken up at the first slot from then on.</param>
/// <param name="Count">How many.</param>
/// <param name="HasSent">They have had an email: the next one is a follow-up.</param>
/// <param name="CameDue">The step came due before: its own time of day is met, only the windows still count.</param>
public sealed record Wave(Sequence Sequence, Schedule Schedule, int? Sender, int Step, Instant Since, int Count, bool HasSent, bool CameDue = false)
{
    /// <summary>Contacts who are enrolled at an instant.</summary>
    public static Wave Enrolled(Sequence sequence, Schedule schedule, int? sender, Instant at, int count) =>
        new(sequence, schedule, sender, 0, NextSlot.DelayEnds(at, sequence.Steps[0].Delay, schedule), count, HasSent: false);
}
