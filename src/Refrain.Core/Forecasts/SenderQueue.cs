using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Forecasts;

/// <summary>Who waits for slots of one mailbox, and when it has some.</summary>
internal sealed class SenderQueue(PlannedSender sender, IReadOnlyList<SlotMeter> meters, Instant start)
{
    private readonly SlotMeter lastDay = new(new(sender.LastDay), start);
    private readonly List<Line> lines = [];
    private readonly List<Lane> lanes = [];
    private readonly List<WaitingLane> waiting = [];
    private FairQueue queue = sender.Queue;
    private Instant? gapEnds = sender.FreeAt;
    private long sent = sender.Sent;

    public bool HasWaiting => lines.Exists(line => line.Cohorts.Count > 0);
    public IEnumerable<Line> Waiting => lines.Where(line => line.Cohorts.Count > 0);

    public void Join(Cohort cohort, LaneLimits? limits)
    {
        var lane = new Lane(cohort.Track.Sequence.Id, cohort.HasSent ? SlotKind.FollowUp : SlotKind.FirstStep);
        var line = lines.Find(one => one.Track == cohort.Track && one.Lane == lane);
        if (line is null)
        {
            if (!lanes.Contains(lane))
                lanes.Add(lane);
            line = new(cohort.Track, lane, lanes.IndexOf(lane), lane.Kind == SlotKind.FirstStep ? limits : null);
            lines.Add(line);
        }
        line.Cohorts.Enqueue(cohort, (cohort.Since, cohort.Step));
    }

    /// <summary>When the next slot is free; null if never.</summary>
    public Instant? FreeAt(Instant now)
    {
        var latest = gapEnds is { } gap ? Instant.Max(gap, now) : now;
        foreach (var meter in meters)
        {
            if (meter.FreeAt(now) is not { } free)
                return null;
            latest = Instant.Max(latest, free);
        }
        return latest;
    }

    /// <summary>When somebody of those who wait may go, if there were a slot; null if nobody ever may by himself.</summary>
    public Instant? NextEligible(Instant now)
    {
        Instant? next = null;
        foreach (var line in Waiting)
        {
            if (line.NextEligible(now) is { } at && !(at >= next))
                next = at;
        }
        return next;
    }

    /// <summary>Gives the slot that is free now to the one whose turn it is; null if nobody may go now.</summary>
    public Cohort? Serve(Instant now)
    {
        var heads = new Line?[lanes.Count];
        foreach (var line in lines)
        {
            if (line.Cohorts.Count > 0 && line.IsEligible(now) && (heads[line.Number] is not { } head || line.IsBefore(head)))
                heads[line.Number] = line;
        }
        waiting.Clear();
        foreach (var head in heads.OfType<Line>())
            waiting.Add(new(head.Lane, head.Track.Sequence.Settings.Weight, head.Since));
        if (queue.Next(waiting, lastDay.Used(now)) is not { } grant)
            return null;
        queue = grant.Queue;
        Take(now);
        return heads[lanes.IndexOf(grant.Lane)]!.TakeOne(now);
    }

    /// <summary>A slot is used, also above the cap: what a person sends is never held.</summary>
    public void Take(Instant now)
    {
        lastDay.Take(now);
        foreach (var meter in meters)
            meter.Take(now);
        gapEnds = sender.Gap == NoGap ? null : sender.Gap.NextAfter(now, sent++);
    }

    private static readonly SendGap NoGap = new(Duration.Zero, Duration.Zero);
}

/// <summary>Those of a track that wait for the same kind of slot, the longest waiting first.</summary>
internal sealed record Line(Track Track, Lane Lane, int Number, LaneLimits? Limits)
{
    public PriorityQueue<Cohort, (Instant Since, int Step)> Cohorts { get; } = new();
    public Instant Since => Cohorts.Peek().Since;
    public IEnumerable<Cohort> Everybody => Cohorts.UnorderedItems.Select(one => one.Element);

    /// <summary>Who came due earlier; the number of the track only makes the answer one.</summary>
    public bool IsBefore(Line other) => Since != other.Since ? Since < other.Since : Track.Number < other.Track.Number;

    public bool IsEligible(Instant now) => Track.IsOpen(now) && (Limits?.Allow(now) ?? true);

    public Instant? NextEligible(Instant now)
    {
        var opens = Track.NextOpen(now);
        var allowed = Limits is null ? now : Limits.AllowedAt(now);
        return opens is { } open && allowed is { } free ? Instant.Max(open, free) : null;
    }

    public Cohort TakeOne(Instant now)
    {
        Limits?.Begin(now);
        var head = Cohorts.Peek();
        if (--head.Count == 0)
            Cohorts.Dequeue();
        return head;
    }
}

/// <summary>What holds the first emails of a sequence: its new contacts a day, and how many runs may be under way.</summary>
internal sealed class LaneLimits(PlannedLimit limit, Instant now)
{
    private readonly SlotMeter? newContacts = limit.NewContacts is { } budget ? new(new(budget), now) : null;
    private int live = limit.Live;

    public bool Allow(Instant now) => HasPlace && (newContacts is null || newContacts.FreeAt(now) <= now);

    /// <summary>Null while every place is taken: the end of a run frees one.</summary>
    public Instant? AllowedAt(Instant now) => !HasPlace ? null : newContacts is null ? now : newContacts.FreeAt(now);

    public void Begin(Instant now)
    {
        newContacts?.Take(now);
        live++;
    }

    public void End(int count) => live -= count;

    private bool HasPlace => !(live >= limit.MaximumLive);
}
