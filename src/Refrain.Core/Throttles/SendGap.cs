using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>
/// The least time between two sends of a mailbox, and a jitter on top that makes them look less like a machine's.
/// A planned time, not a cap: who waits for it is Active.
/// </summary>
/// <param name="Minimum">Zero or more.</param>
/// <param name="Jitter">The most that is added to the minimum; zero for none.</param>
public sealed record SendGap(Duration Minimum, Duration Jitter)
{
    /// <summary>
    /// The earliest instant of the next send. The seed is drawn once and stored with what is to be sent: the same seed gives
    /// the same instant at every look.
    /// </summary>
    public Instant NextAfter(Instant lastSend, long seed) => lastSend + Minimum + (Jitter * Fraction(seed));

    /// <summary>From 0 (inclusive) to 1 (exclusive), evenly spread also over seeds that follow one another: SplitMix64.</summary>
    internal static double Fraction(long seed)
    {
        var mixed = unchecked((ulong)seed + 0x9E3779B97F4A7C15UL);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
