using NodaTime;
using Refrain.Core.Enrollments;

namespace Refrain.Core.Throttles;

/// <summary>
/// A limit as it stands, for one turn of the engine or one run of a virtual clock: counts what was accepted, what is on its way and what was promised,
/// by the minute, on the safe side: a slot taken in a minute is free again when that minute has ended and the window has passed since.
/// It may be asked only about instants that do not go back.
/// </summary>
public sealed class SendLimit
{
    private const int MostForgotten = 2_000;
    private readonly List<(long Minute, int Count)> _counts;
    private readonly long _minutesHeld;
    private int _first;
    private int _used;

    /// <summary>The limit with what it has counted so far.</summary>
    /// <param name="name">Stable, as <see cref="LimitNames"/> has it.</param>
    /// <param name="cap">At least 1.</param>
    /// <param name="window">A whole number of minutes; null for a limit on what is there at once, whose slots come back when somebody leaves.</param>
    /// <param name="counts">What it has seen, oldest minute first; a promise lies ahead.</param>
    /// <param name="pacedUntil">Not before this instant is the next one that waits let through.</param>
    public SendLimit(string name, int cap, Duration? window, IEnumerable<MinuteCount> counts, Instant? pacedUntil = null)
    {
        (Name, Cap, Window, PacedUntil) = (name, cap, window, pacedUntil);
        _minutesHeld = window is { } held ? 1 + (long)held.TotalMinutes : long.MaxValue;
        _counts = [.. counts.Select(one => (MinuteOf(one.Minute), one.Count))];
        _used = _counts.Sum(one => one.Count);
    }

    public string Name { get; }
    public int Cap { get; }
    public Duration? Window { get; }
    public Instant? PacedUntil { get; private set; }

    /// <summary>Slots taken or promised.</summary>
    public int Used(Instant now)
    {
        if (Window is null)
            return _used;
        var freed = MinuteOf(now) - _minutesHeld;
        while (_first < _counts.Count && _counts[_first].Minute <= freed)
            _used -= _counts[_first++].Count;
        if (_first > MostForgotten)
        {
            _counts.RemoveRange(0, _first);
            _first = 0;
        }
        return _used;
    }

    /// <summary>How many wait for just this limit.</summary>
    public int Waiting { get; set; }

    /// <summary>Slots that an instant ahead will find taken or promised; those promised for after it too, if it is to leave them alone.</summary>
    public int UsedAt(Instant later, bool withPromisesAfter)
    {
        var (used, minute) = (_used, MinuteOf(later));
        for (var index = _first; Window is not null && index < _counts.Count && _counts[index].Minute <= minute - _minutesHeld; index++)
            used -= _counts[index].Count;
        for (var index = _counts.Count - 1; !withPromisesAfter && index >= _first && _counts[index].Minute > minute; index--)
            used -= _counts[index].Count;
        return used;
    }

    /// <summary>The first instant after this one at which a slot is free again; null when none will be.</summary>
    public Instant? NextFreed(Instant after)
    {
        for (var index = _first; index < _counts.Count; index++)
        {
            if (FreeAgain(_counts[index].Minute) is var free && free > after)
                return free;
        }
        return null;
    }

    public int Free(Instant now) => Math.Max(0, Cap - Used(now));

    /// <summary>Nothing may be let through now.</summary>
    internal bool Holds(Instant now) => PacedUntil > now || Used(now) >= Cap;

    /// <summary>The limit as a reason to wait, seen by one before whom so many wait already.</summary>
    public CapUse Use(Instant now, int before) =>
        new(Name, Math.Max(Used(now), (int)Math.Min(Cap, (long)Used(now) + before)), Cap, Window is null ? null : ReleaseAt(before + 1, now));

    /// <summary>When the next one that waits may have a slot; null where nobody can say.</summary>
    public Instant? EarliestRelease(Instant now) => Window is null
        ? Free(now) > 0 ? now : null
        : Instant.Max(PacedUntil ?? now, ReleaseAt(1, now));

    /// <summary>Counts one more, now or at an instant that lies ahead.</summary>
    public void Count(Instant at)
    {
        var minute = MinuteOf(at);
        var index = _counts.Count;
        while (index > _first && _counts[index - 1].Minute > minute)
            index--;
        if (index > _first && _counts[index - 1].Minute == minute)
            _counts[index - 1] = (minute, _counts[index - 1].Count + 1);
        else
            _counts.Insert(index, (minute, 1));
        _used++;
    }

    /// <summary>Takes back what was counted at the instant: a promise that is kept elsewhere, or somebody who left.</summary>
    public void Return(Instant at)
    {
        var minute = MinuteOf(at);
        for (var index = _counts.Count - 1; index >= _first; index--)
        {
            if (Window is not null && _counts[index].Minute != minute)
                continue;
            _counts[index] = (_counts[index].Minute, _counts[index].Count - 1);
            _used--;
            if (_counts[index].Count == 0)
                _counts.RemoveAt(index);
            return;
        }
    }

    /// <summary>
    /// Before one that waited is counted: the slots that are free until the hours close, also those that come back until then, are spread over the rest of them,
    /// rather than all had at their start. To spread only what is free now would leave slots over every day.
    /// </summary>
    /// <param name="now">When it is let through.</param>
    /// <param name="closes">The end of the hours in which those who wait may go; null when there is none.</param>
    public void Pace(Instant now, Instant? closes)
    {
        if (Window is not { } window)
            return;
        var steady = window / Cap;
        var left = closes is { } end ? (end - now) / Math.Max(1, Cap - UsedAt(end, withPromisesAfter: true)) : steady;
        PacedUntil = now + Duration.Min(steady, left);
    }

    /// <summary>
    /// When the one that waits at <paramref name="position"/> (1 = next) has its slot, if all before it take theirs at once and
    /// what is on its way is accepted. On the safe side: refusals make it earlier.
    /// </summary>
    private Instant ReleaseAt(int position, Instant now)
    {
        // Who waits behind a whole cap of others takes the slot of the one a cap before, a window later.
        var rounds = Math.Max(0, (position - 1) / Cap);
        var release = ReleaseInFirstRound(position - (rounds * Cap), now);
        return rounds == 0 ? release : FreeAgain(MinuteOf(release)) + Duration.FromMinutes(_minutesHeld * (rounds - 1));
    }

    private Instant ReleaseInFirstRound(int position, Instant now)
    {
        var toFree = (long)Used(now) + position - Cap;
        if (toFree <= 0)
            return now;
        for (var index = _first; index < _counts.Count; index++)
        {
            toFree -= _counts[index].Count;
            if (toFree <= 0)
                return FreeAgain(_counts[index].Minute);
        }
        return FreeAgain(MinuteOf(now));
    }

    private Instant FreeAgain(long minute) => Instant.FromUnixTimeSeconds((minute + _minutesHeld) * 60);

    private static long MinuteOf(Instant at) => Math.DivRem(at.ToUnixTimeSeconds(), 60) is var (minutes, rest) && rest < 0 ? minutes - 1 : minutes;
}
