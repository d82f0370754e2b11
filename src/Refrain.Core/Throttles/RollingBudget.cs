using System.Runtime.InteropServices;
using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>How many sends servers accepted in the minute that begins at <paramref name="Minute"/>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MinuteCount(Instant Minute, int Count);

/// <summary>
/// A cap over a rolling window: at most so many accepted sends in any 24 hours, or in any hour. Counted by minute, on the safe
/// side: a slot taken in a minute is free again when that minute has ended and the window has passed since.
/// </summary>
/// <param name="Cap">At least 1, or the budget never frees a slot.</param>
/// <param name="Window">A whole number of minutes.</param>
/// <param name="Accepted">The accepted sends, oldest minute first; older ones than the window may be left out.</param>
/// <param name="Reserved">Sends whose outcome is open or unknown: they hold a slot each.</param>
public sealed record RollingBudget(int Cap, Duration Window, IReadOnlyList<MinuteCount> Accepted, int Reserved)
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    /// <summary>An untouched budget.</summary>
    public static RollingBudget Empty(int cap, Duration window) => new(cap, window, [], 0);

    /// <summary>The minute an instant lies in: the key under which its send is counted.</summary>
    public static Instant MinuteOf(Instant at) =>
        Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds() - (((at.ToUnixTimeSeconds() % 60) + 60) % 60));

    /// <summary>When a slot taken at the instant is free again.</summary>
    public Instant FreeAgain(Instant taken) => MinuteOf(taken) + Minute + Window;

    /// <summary>Slots taken: accepted in the window, and reserved. May exceed a cap that was lowered.</summary>
    public int Used(Instant now)
    {
        var used = Reserved;
        for (var i = Accepted.Count - 1; i >= 0 && FreeAgain(Accepted[i].Minute) > now; i--)
            used += Accepted[i].Count;
        return used;
    }

    /// <summary>How many sends may be reserved now.</summary>
    public int Free(Instant now) => Math.Max(0, Cap - Used(now));

    /// <summary>"50 of 50".</summary>
    public string Usage(Instant now) => $"{Used(now)} of {Cap}";

    /// <summary>
    /// When the one that waits at <paramref name="position"/> (1 = next) has its slot, if all before it take theirs at once and
    /// reserved slots are accepted now. A prediction on the safe side: refusals make it earlier. Null if the cap is below 1.
    /// </summary>
    public Instant? ReleaseAt(int position, Instant now)
    {
        if (Cap < 1)
            return null;
        // Who waits behind a whole cap of others takes the slot of the one a cap before, a window later.
        var rounds = Math.Max(0, (position - 1) / Cap);
        var release = ReleaseInFirstRound(position - (rounds * Cap), now);
        return rounds == 0 ? release : FreeAgain(release) + ((Window + Minute) * (rounds - 1));
    }

    /// <summary>The budget after a server accepted one more send now; what has left the window is dropped.</summary>
    public RollingBudget Accept(Instant now)
    {
        var minute = MinuteOf(now);
        var accepted = Accepted.Where(one => FreeAgain(one.Minute) > now).ToList();
        if (accepted is [.., var last] && last.Minute == minute)
            accepted[^1] = last with { Count = last.Count + 1 };
        else
            accepted.Add(new(minute, 1));
        return this with { Accepted = accepted };
    }

    private Instant ReleaseInFirstRound(int position, Instant now)
    {
        var toFree = Used(now) + position - Cap;
        if (toFree <= 0)
            return now;
        foreach (var one in Accepted)
        {
            if (FreeAgain(one.Minute) <= now)
                continue;
            toFree -= one.Count;
            if (toFree <= 0)
                return FreeAgain(one.Minute);
        }
        return FreeAgain(now);
    }
}
