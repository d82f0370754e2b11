using NodaTime;
using Refrain.Core.Enrollments;

namespace Refrain.Core.Throttles;

/// <summary>
/// The throttle of one user, with all his mailboxes: says whether a message may go now, has a planned time or waits, and who is next when a slot frees.
/// The engine fills it from the database for a turn and writes back what changed; <i>why not yet</i> and the forecast run it on a virtual clock.
/// It has no clock and reads nothing; the instants it is asked about must not go back.
/// </summary>
/// <param name="user">The cap over all mailboxes; null when it is off.</param>
/// <param name="mailboxes">All mailboxes of the user.</param>
/// <param name="firstSteps">The limits of sequences on first emails, where they have some.</param>
/// <param name="fair">Whose turn it is.</param>
public sealed partial class SlotDesk(
    SendLimit? user, IEnumerable<MailboxDesk> mailboxes, IReadOnlyDictionary<SequenceId, IReadOnlyList<SendLimit>> firstSteps, FairQueue fair)
{
    public IReadOnlyDictionary<MailboxId, MailboxDesk> Mailboxes { get; } = mailboxes.ToDictionary(mailbox => mailbox.Id);
    public SendLimit? User => user;
    public FairQueue Fair { get; private set; } = fair;

    /// <summary>Whether the message may go, in the open hours of its contact. Changes nothing.</summary>
    public SlotAnswer Ask(SlotRequest request, Instant now)
    {
        var mailbox = Mailboxes[request.Mailbox];
        var own = request.Promise is null ? 0 : 1;
        List<CapUse>? full = null, spokenFor = null;
        foreach (var limit in LimitsOf(mailbox, request.Sequence.Id, request.Kind, request.Domain))
        {
            var before = own == 1 ? 0 : Before(limit, mailbox, now);
            var used = limit.Used(now) - own;
            if (used >= limit.Cap)
                (full ??= []).Add(limit.Use(now, before));
            else if (used + (long)before >= limit.Cap)
                (spokenFor ??= []).Add(limit.Use(now, before));
        }
        return (full ?? spokenFor) is { } caps ? new SlotAnswer.Wait(caps) : PlanOf(mailbox, request, now);
    }

    /// <summary>The message goes now.</summary>
    public void Take(SlotRequest request, Instant now)
    {
        var mailbox = Mailboxes[request.Mailbox];
        Move(mailbox, request, now);
        mailbox.Calendar.Sent(now, request.Seed);
        mailbox.Sent(request.Domain, now);
    }

    /// <summary>The message is promised a planned time.</summary>
    public void Promise(SlotRequest request, SlotAnswer.Plan plan)
    {
        var mailbox = Mailboxes[request.Mailbox];
        Move(mailbox, request, plan.At);
        mailbox.Calendar.Plan(plan.At, request.Seed);
    }

    /// <summary>The message cannot go when it was promised to, for a reason that is no limit: its slot is free again.</summary>
    public void GiveUp(SlotRequest request)
    {
        if (request.Promise is { } promise)
            Return(Mailboxes[request.Mailbox], request, promise);
    }

    /// <summary>The message waits in a lane for the longest of the limits that are used up.</summary>
    public LaneKey Enqueue(SlotRequest request, SlotAnswer.Wait wait, Instant due)
    {
        var mailbox = Mailboxes[request.Mailbox];
        if (request.Promise is { } promise)
            Return(mailbox, request, promise);
        var key = LaneKey.Of(request, wait.Longest);
        if (!mailbox.Lanes.TryGetValue(key, out var lane))
            mailbox.Lanes[key] = lane = new(key, request.Sequence.Settings.Weight, request.Hours);
        lane.Add(new(request.Run, due, request.Domain));
        Add(mailbox, key, 1);
        return key;
    }

    /// <summary>A contact is through: a slot among those who are live at once is free. False where nothing limits them.</summary>
    public bool Leave(SequenceId sequence)
    {
        var live = firstSteps.GetValueOrDefault(sequence)?.FirstOrDefault(limit => limit.Window is null);
        live?.Return(default);
        return live is not null;
    }

    /// <summary>A message was accepted: a provider that had asked for less is sent a little more.</summary>
    public void Accepted(MailboxId mailbox, string domain)
    {
        var providers = Mailboxes[mailbox].Providers;
        if (!providers.TryGetValue(domain, out var provider))
            return;
        if (provider.Accepted() is { } better)
            providers[domain] = better;
        else
            providers.Remove(domain);
    }

    /// <summary>The limits that a message falls under.</summary>
    public IEnumerable<SendLimit> LimitsOf(MailboxDesk mailbox, SequenceId sequence, SlotKind kind, string domain)
    {
        if (user is not null)
            yield return user;
        foreach (var limit in mailbox.Limits)
            yield return limit;
        if (kind == SlotKind.FirstStep && firstSteps.TryGetValue(sequence, out var own))
        {
            foreach (var limit in own)
                yield return limit;
        }
        if (mailbox.Domains.TryGetValue(domain, out var perDomain))
            yield return perDomain;
    }

    // Slots that are free but spoken for: by those who wait for just this limit, or for the user's cap and could go otherwise.
    private int Before(SendLimit limit, MailboxDesk mailbox, Instant now)
    {
        if (limit == user)
            return Mailboxes.Values.Sum(one => Math.Min(one.Waiting, one.Free(now)));
        return mailbox.Limits.Contains(limit) ? mailbox.Waiting : limit.Waiting;
    }

    private static SlotAnswer PlanOf(MailboxDesk mailbox, SlotRequest request, Instant now)
    {
        var start = request.Hours.NextOpen(now) ?? now;
        // A freed slot is no place in the calendar; a planned time is.
        var place = request.Promise is { } promise && mailbox.Calendar.Has(promise) ? request.Promise : null;
        if (place is { } own)
            mailbox.Calendar.Forget(own);
        var (at, cause) = FirstFree(mailbox, request, place, start);
        if (place is { } kept)
            mailbox.Calendar.Plan(kept, request.Seed);
        return at <= start ? new SlotAnswer.Go() : new SlotAnswer.Plan(ToTheSecond(at), cause, mailbox.Providers.GetValueOrDefault(request.Domain));
    }

    // What is told is what is kept: no database and no clock knows a part of a second better than another.
    private static Instant ToTheSecond(Instant at) => Instant.FromUnixTimeSeconds((at + Duration.FromNanoseconds(NodaConstants.NanosecondsPerSecond - 1)).ToUnixTimeSeconds());

    private static (Instant At, PlanCause Cause) FirstFree(MailboxDesk mailbox, SlotRequest request, Instant? place, Instant start)
    {
        var (at, cause) = (start, PlanCause.Gap);
        while (true)
        {
            // Whoever had a place keeps it although its turn came a moment late.
            var free = place is { } own && at - own < mailbox.Calendar.GapOf(request.Seed) / 2
                ? Instant.Max(at, mailbox.Calendar.RestsUntil ?? at)
                : mailbox.Calendar.FirstFree(at, request.Seed);
            if (mailbox.Ramp?.FirstFree(free, mailbox.Day, request.Promise is not null) is { } ramped && ramped > free)
                (free, cause) = (ramped, PlanCause.Ramp);
            if (!request.IsRetry && mailbox.Providers.TryGetValue(request.Domain, out var provider) && provider.Until > free)
                (free, cause) = (provider.Until, PlanCause.Provider);
            var open = request.Hours.NextOpen(free) ?? free;
            if (open == at)
                return (at, cause);
            at = open;
        }
    }

    private void Move(MailboxDesk mailbox, SlotRequest request, Instant to)
    {
        if (request.Promise is { } promise)
            Return(mailbox, request, promise);
        Count(mailbox, request.Sequence.Id, request.Kind, request.Domain, to);
    }

    private void Count(MailboxDesk mailbox, SequenceId sequence, SlotKind kind, string domain, Instant at)
    {
        foreach (var limit in LimitsOf(mailbox, sequence, kind, domain))
            limit.Count(at);
        if (!mailbox.Limits.Contains(mailbox.Day))
            mailbox.Day.Count(at);
    }

    private void Return(MailboxDesk mailbox, SlotRequest request, Instant promise)
    {
        mailbox.Calendar.Forget(promise);
        foreach (var limit in LimitsOf(mailbox, request.Sequence.Id, request.Kind, request.Domain))
            limit.Return(promise);
        if (!mailbox.Limits.Contains(mailbox.Day))
            mailbox.Day.Return(promise);
    }

    private void Add(MailboxDesk mailbox, LaneKey key, int more)
    {
        if (key.Limit == LaneLimit.Sender)
            mailbox.Waiting += more;
        else if (key.Limit == LaneLimit.Domain && mailbox.Domains.TryGetValue(key.Domain, out var domain))
            domain.Waiting += more;
        else if (key.Limit == LaneLimit.Sequence && firstSteps.TryGetValue(key.Sequence, out var own))
            foreach (var limit in own)
                limit.Waiting += more;
    }
}
