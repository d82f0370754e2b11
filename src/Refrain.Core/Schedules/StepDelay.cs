using System.Runtime.InteropServices;

namespace Refrain.Core.Schedules;

/// <summary>What a delay is counted in.</summary>
public enum DelayUnit
{
    /// <summary>Exact minutes.</summary>
    Minutes,

    /// <summary>Exact hours, also over a change of the clock.</summary>
    Hours,

    /// <summary>Calendar days at the same wall time, in the schedule's zone.</summary>
    Days,

    /// <summary>Like days, but only Mondays to Fridays that are no holiday are counted.</summary>
    BusinessDays,
}

/// <summary>The wait between the end of one step and the next; zero of any unit is "at once".</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StepDelay(int Value, DelayUnit Unit)
{
    /// <summary>The longest delay that can be saved: ten years.</summary>
    public const int MaximumDays = 3653;

    /// <summary>Whether the value is neither negative nor longer than <see cref="MaximumDays"/>.</summary>
    public bool IsSensible => Value >= 0 && Value <= Unit switch
    {
        DelayUnit.Minutes => MaximumDays * 24 * 60,
        DelayUnit.Hours => MaximumDays * 24,
        DelayUnit.Days => MaximumDays,
        DelayUnit.BusinessDays => MaximumDays,
    };
}
