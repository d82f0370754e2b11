using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>The limits and plans of one mailbox, and who waits for it.</summary>
/// <param name="id">The mailbox.</param>
/// <param name="day">What it sends in 24 hours, also where nothing limits that.</param>
/// <param name="limits">Its caps; the daily one may be <paramref name="day"/>.</param>
/// <param name="calendar">Its planned sends.</param>
/// <param name="ramp">The growing cap; null when it is full-grown.</param>
public sealed class MailboxDesk(MailboxId id, SendLimit day, IReadOnlyList<SendLimit> limits, SendCalendar calendar, RampedCap? ramp)
{
    private readonly HashSet<string> _sentTo = new(StringComparer.Ordinal);

    public MailboxId Id => id;
    public SendLimit Day => day;
    public IReadOnlyList<SendLimit> Limits => limits;
    public SendCalendar Calendar => calendar;
    public RampedCap? Ramp => ramp;

    /// <summary>Caps on recipient domains, where there are some.</summary>
    public Dictionary<string, SendLimit> Domains { get; } = new(StringComparer.Ordinal);

    /// <summary>Providers that asked to be sent less.</summary>
    public Dictionary<string, ProviderPace> Providers { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of them to whom something was sent in this turn, which puts off the next.</summary>
    public IEnumerable<ProviderPace> ChangedProviders => Providers.Values.Where(pace => _sentTo.Contains(pace.Domain));
    public Dictionary<LaneKey, SlotLane> Lanes { get; } = [];

    /// <summary>How many wait for a limit of the mailbox or its user.</summary>
    public int Waiting { get; set; }

    /// <summary>Free under all caps; <see cref="int.MaxValue"/> when there are none.</summary>
    public int Free(Instant now) => limits.Count == 0 ? int.MaxValue : limits.Min(limit => limit.Free(now));

    internal void Sent(string domain, Instant now)
    {
        if (!Providers.TryGetValue(domain, out var pace))
            return;
        Providers[domain] = pace.Sent(now);
        _sentTo.Add(domain);
    }
}
