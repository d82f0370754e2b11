using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Forecasts;

/// <summary>What runs of one version, zone and mailbox have in common. Remembers how long its windows stay open or shut, so that a look costs next to nothing.</summary>
internal sealed class Track(int number, Sequence sequence, Schedule schedule, SenderQueue? sender)
{
    private Instant openUntil = Instant.MinValue;
    private Instant? nextOpen = Instant.MinValue;

    /// <summary>Decides between equals.</summary>
    public int Number { get; } = number;
    public Sequence Sequence { get; } = sequence;
    public Schedule Schedule { get; } = schedule;
    public SenderQueue? Sender { get; } = sender;

    public bool IsOpen(Instant now) => now < openUntil || NextOpen(now) == now;

    /// <summary>When a window is next open; now if one is, null if none ever opens again.</summary>
    public Instant? NextOpen(Instant now)
    {
        if (now < openUntil)
            return now;
        if (!(nextOpen > now) && nextOpen is not null)
            Look(now);
        return nextOpen;
    }

    private void Look(Instant now)
    {
        nextOpen = NextSlot.At(now, null, Schedule);
        if (nextOpen == now)
            openUntil = NextSlot.OpenAtLeastUntil(now, Schedule);
    }
}

/// <summary>Runs of one track that reach a step at the same instant.</summary>
/// <param name="Track">What they have in common.</param>
/// <param name="Step">The index of the step; the number of steps while they wait for a late reply.</param>
/// <param name="Since">When the step came due.</param>
/// <param name="HasSent">They have had an email.</param>
internal sealed record Cohort(Track Track, int Step, Instant Since, bool HasSent)
{
    public int Count { get; set; }

    /// <summary>The step; null when only the wait for a late reply is left.</summary>
    public Step? At => Step < Track.Sequence.Steps.Count ? Track.Sequence.Steps[Step] : null;
}
