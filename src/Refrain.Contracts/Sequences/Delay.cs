namespace Refrain.Contracts;

/// <summary>What a delay is counted in.</summary>
public enum DelayUnit
{
    Minutes,
    Hours,
    Days,
    BusinessDays,
}

/// <summary>A wait.</summary>
public sealed record Delay(int Value, DelayUnit Unit);
