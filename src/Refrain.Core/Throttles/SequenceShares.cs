using System.Collections.Immutable;

namespace Refrain.Core.Throttles;

/// <summary>
/// How sequences share the slots of one kind by weight: start-time fair queuing (Goyal, Vin and Cheng, 1997). A turn of a
/// sequence costs it virtual time, the less the more it weighs, and the one whose turn begins earliest is served.
/// Who comes anew begins at the present: no credit for the time in which he did not wait, no debt for what others had.
/// </summary>
internal sealed record SequenceShares
{
    private const long CostOfWeightOne = 1L << 32;

    public static SequenceShares Empty { get; } = new();

    /// <summary>The virtual time at which the latest served turn began.</summary>
    private long Present { get; init; }

    /// <summary>When the next turn of a sequence begins, where that is later than the present.</summary>
    private ImmutableDictionary<SequenceId, long> Ahead { get; init; } = ImmutableDictionary<SequenceId, long>.Empty;

    public long NextTurn(SequenceId sequence) => Math.Max(Present, Ahead.GetValueOrDefault(sequence));

    public SequenceShares Serve(WaitingLane lane)
    {
        var sequence = lane.Lane.Sequence;
        var present = NextTurn(sequence);
        var passed = Ahead.Where(next => next.Value <= present).Select(next => next.Key);
        return new() { Present = present, Ahead = Ahead.RemoveRange(passed).SetItem(sequence, present + Cost(lane)) };
    }

    public SequenceShares GiveBack(WaitingLane lane) =>
        this with { Ahead = Ahead.SetItem(lane.Lane.Sequence, NextTurn(lane.Lane.Sequence) - Cost(lane)) };

    private static long Cost(WaitingLane lane) => CostOfWeightOne / Math.Max(1, lane.Weight);
}
