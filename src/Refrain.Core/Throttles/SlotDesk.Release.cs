using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>Whose turn it is when a slot frees. A look costs by the lanes in which somebody waits, never by how many wait in them.</summary>
public sealed partial class SlotDesk
{
    private static readonly Duration LookAgain = Duration.FromMinutes(1);
    private readonly List<SlotLane> _eligible = [];
    private readonly List<WaitingLane> _waiting = [];

    /// <summary>Lets the next one through that may go now, and promises it a slot; null when there is none.</summary>
    public Released? Release(Instant now)
    {
        _eligible.Clear();
        foreach (var mailbox in Mailboxes.Values)
        {
            var shut = user?.Holds(now) == true || Holds(mailbox.Limits, now);
            foreach (var lane in mailbox.Lanes.Values)
            {
                if (lane.IsEmpty)
                    continue;
                var held = shut || HoldsFirst(mailbox, lane, now);
                if (held && lane.Schedule.EndsOn is null)
                    continue;
                if (lane.Hours.NextOpen(now) is not { } opens)
                    return Leave(lane, promised: null);
                if (!held && opens == now)
                    _eligible.Add(lane);
            }
        }
        if (_eligible.Count == 0 || Fair.Next(AsWaiting(), Mailboxes.Values.Sum(mailbox => mailbox.Day.Used(now))) is not { } grant)
            return null;
        Fair = grant.Queue;
        return Let(Served(grant.Lane), now);
    }

    /// <summary>When it is worth looking again whether somebody of the mailbox may be let through; null when nobody waits.</summary>
    /// <param name="mailbox">Which.</param>
    /// <param name="now">The instant.</param>
    /// <param name="alsoInVain">Also for those whose slot nobody can foresee: they are looked at again and again.</param>
    public Instant? NextLook(MailboxId mailbox, Instant now, bool alsoInVain = true)
    {
        var desk = Mailboxes[mailbox];
        Instant? next = null, shared = null;
        foreach (var lane in desk.Lanes.Values)
        {
            if (lane.IsEmpty)
                continue;
            shared ??= EarliestOf(desk.Limits, (user?.EarliestRelease(now) ?? now, true), now).At;
            var (allowed, foreseen) = EarliestOfFirst(desk, lane, shared.Value, now);
            if (!foreseen && !alsoInVain && lane.Schedule.EndsOn is null)
                continue;
            var at = foreseen || alsoInVain ? OpenFrom(lane, allowed, now) : EndOf(lane, now);
            if (next is null || at < next)
                next = at;
        }
        return next;
    }

    // The limits beside those of the mailbox and its user that the first of a lane falls under.
    private IReadOnlyList<SendLimit> OwnLimits(SlotLane lane) =>
        lane.Key.Kind == SlotKind.FirstStep && firstSteps.TryGetValue(lane.Key.Sequence, out var own) ? own : [];

    private static bool Holds(IReadOnlyList<SendLimit> limits, Instant now)
    {
        foreach (var limit in limits)
        {
            if (limit.Holds(now))
                return true;
        }
        return false;
    }

    private bool HoldsFirst(MailboxDesk mailbox, SlotLane lane, Instant now) =>
        Holds(OwnLimits(lane), now) || (mailbox.Domains.TryGetValue(lane.Key.Domain, out var domain) && domain.Holds(now));

    // Where nobody can foresee a slot it is looked for again in a while.
    private static (Instant At, bool Foreseen) EarliestOf(IReadOnlyList<SendLimit> limits, (Instant At, bool Foreseen) from, Instant now)
    {
        foreach (var limit in limits)
        {
            var release = limit.EarliestRelease(now);
            from = (Instant.Max(from.At, release ?? now + LookAgain), from.Foreseen && release is not null);
        }
        return from;
    }

    private (Instant At, bool Foreseen) EarliestOfFirst(MailboxDesk mailbox, SlotLane lane, Instant from, Instant now)
    {
        var earliest = EarliestOf(OwnLimits(lane), (from, true), now);
        return mailbox.Domains.TryGetValue(lane.Key.Domain, out var domain) ? EarliestOf([domain], earliest, now) : earliest;
    }

    // Lanes that the fair queue does not tell apart stand there once, with the longest waiting.
    private List<WaitingLane> AsWaiting()
    {
        _waiting.Clear();
        foreach (var lane in _eligible)
        {
            var one = lane.AsWaiting;
            var known = _waiting.FindIndex(other => other.Lane == one.Lane);
            if (known < 0)
                _waiting.Add(one);
            else if (one.Since < _waiting[known].Since)
                _waiting[known] = one;
        }
        return _waiting;
    }

    // The longest waiting of all lanes that the queue does not tell apart; the id only makes the answer one.
    private SlotLane Served(Lane granted)
    {
        SlotLane? served = null;
        foreach (var lane in _eligible)
        {
            if (lane.AsWaiting.Lane == granted && (served is null || SlotLane.ByAge.Compare(lane.First, served.First) < 0))
                served = lane;
        }
        return served!;
    }

    // Lets the first of the lane through, who takes a slot now: the next one follows after a while.
    private Released Let(SlotLane lane, Instant now)
    {
        Instant? closes = Instant.MinValue;
        foreach (var one in _eligible)
            closes = one.Hours.Closes(now) is { } end && closes is { } latest ? Instant.Max(latest, end) : null;
        var mailbox = Mailboxes[lane.Key.Mailbox];
        foreach (var limit in LimitsOf(mailbox, lane.Key.Sequence, lane.Key.Kind, lane.First.Domain))
            limit.Pace(now, closes);
        Count(mailbox, lane.Key.Sequence, lane.Key.Kind, lane.First.Domain, now);
        return Leave(lane, now);
    }

    private Released Leave(SlotLane lane, Instant? promised)
    {
        var first = lane.First;
        lane.Remove(first);
        Add(Mailboxes[lane.Key.Mailbox], lane.Key, -1);
        return new(first, lane.Key, promised);
    }

    /// <summary>When the first of the lane may go, whose limits let it through at an instant; now when its hours never open again, and it has to learn that.</summary>
    private static Instant OpenFrom(SlotLane lane, Instant at, Instant now) => lane.Hours.NextOpen(at) ?? EndOf(lane, now);

    // Its slot would come after the end. Until then it stays where it is, for others may give theirs back.
    private static Instant EndOf(SlotLane lane, Instant now) => lane.Hours.NextOpen(now) is null ? now : lane.Hours.Ends ?? now + Duration.FromDays(1);
}

/// <summary>One who waited and is let through. <paramref name="Promise"/>: the slot it has; null when its hours never open again.</summary>
public sealed record Released(WaitingRun Run, LaneKey Lane, Instant? Promise);
