using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>A cap that grows day by day, for a mailbox that is new and has to earn trust.</summary>
/// <param name="Start">The first day, in the mailbox owner's zone.</param>
/// <param name="First">The cap of the first day and of any day before it.</param>
/// <param name="PerDay">What each day adds.</param>
/// <param name="Full">The mailbox's own cap, which the ramp ends in.</param>
public sealed record RampUp(LocalDate Start, int First, int PerDay, int Full)
{
    /// <summary>The cap of the day: never above <see cref="Full"/>, never below the lower of it and <see cref="First"/>.</summary>
    public int CapOn(LocalDate day)
    {
        var days = Math.Max(0, Period.DaysBetween(Start, day));
        return (int)Math.Min(Full, First + ((long)PerDay * days));
    }

    /// <summary>The first day with the full cap; null if the ramp never gets there.</summary>
    public LocalDate? FullOn()
    {
        if (First >= Full)
            return Start;
        return PerDay <= 0 ? null : Start.PlusDays((Full - First + PerDay - 1) / PerDay);
    }
}
