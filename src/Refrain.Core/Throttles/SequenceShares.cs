using System.Collections.Immutable;
using System.Globalization;

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

    /// <summary>The present, then who is ahead of it and how far.</summary>
    public override string ToString() => string.Join(
        ' ', Ahead.OrderBy(next => next.Key.Value).Select(next => string.Create(CultureInfo.InvariantCulture, $"{next.Key}={next.Value}"))
            .Prepend(Present.ToString(CultureInfo.InvariantCulture)));

    public static SequenceShares? TryParse(string text)
    {
        var words = text.Split(' ');
        if (!long.TryParse(words[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var present))
            return null;
        var ahead = ImmutableDictionary.CreateBuilder<SequenceId, long>();
        foreach (var word in words.Skip(1))
        {
            if (word.Split('=') is not [var id, var at] || !SequenceId.TryParse(id, out var sequence)
                || !long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var turn))
                return null;
            ahead[sequence] = turn;
        }
        return new() { Present = present, Ahead = ahead.ToImmutable() };
    }

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
