using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>The planned sends of one mailbox, each followed by its gap: finds the first place that is free, so that whoever is told a time can have it.</summary>
public sealed class SendCalendar
{
    private readonly SendGap _gap;
    private readonly SortedList<Instant, Duration> _planned = [];
    private (Instant From, Instant To) _dense = (Instant.MaxValue, Instant.MinValue);

    /// <summary>A calendar without plans.</summary>
    /// <param name="gap">The least time between two sends, with its jitter.</param>
    /// <param name="restsUntil">The end of the gap behind the latest send; null when there was none.</param>
    public SendCalendar(SendGap gap, Instant? restsUntil) => (_gap, RestsUntil) = (gap, restsUntil);

    public Instant? RestsUntil { get; private set; }

    /// <summary>Whether there is a gap at all.</summary>
    public bool HasGap => _gap.Minimum > Duration.Zero || _gap.Jitter > Duration.Zero;

    /// <summary>The gap behind a send of this seed.</summary>
    public Duration GapOf(long seed) => _gap.NextAfter(NodaConstants.UnixEpoch, seed) - NodaConstants.UnixEpoch;

    /// <summary>Whether a send is planned for just this instant.</summary>
    public bool Has(Instant at) => _planned.ContainsKey(at);

    public void Plan(Instant at, long seed)
    {
        if (HasGap)
            _planned[at] = GapOf(seed);
    }

    public void Forget(Instant at)
    {
        if (_planned.Remove(at))
            _dense = (Instant.MaxValue, Instant.MinValue);
    }

    public void Sent(Instant at, long seed) => RestsUntil = HasGap ? at + GapOf(seed) : null;

    /// <summary>The first instant, not before the given one, at which a send and its gap fit between those that are planned.</summary>
    public Instant FirstFree(Instant from, long seed)
    {
        var at = RestsUntil is { } rests ? Instant.Max(from, rests) : from;
        if (!HasGap || _planned.Count == 0)
            return at;
        if (at >= _dense.From && at <= _dense.To)
            at = _dense.To;
        var (began, gap) = (at, GapOf(seed));
        var next = IndexAfter(at);
        if (next > 0)
            at = Instant.Max(at, _planned.Keys[next - 1] + _planned.Values[next - 1]);
        for (; next < _planned.Count && at + gap > _planned.Keys[next]; next++)
            at = Instant.Max(at, _planned.Keys[next] + _planned.Values[next]);
        _dense = _dense.To == began ? (_dense.From, at) : (began, at);
        return at;
    }

    private int IndexAfter(Instant at)
    {
        var (low, high) = (0, _planned.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_planned.Keys[middle] <= at)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
