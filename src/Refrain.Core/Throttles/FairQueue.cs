using System.Globalization;

namespace Refrain.Core.Throttles;

/// <summary>
/// Whose turn it is when a slot frees. Follow-ups go before first steps, but never so many in a row that first steps which
/// wait get less than 30 % of the slots of a day; within each kind, sequences share by weight. Nobody starves.
/// Immutable and deterministic; a turn costs by the lanes that wait, never by how many wait in them.
/// Losing the state is harmless: sharing begins anew.
/// </summary>
public sealed record FairQueue
{
    // One slot in three is at least 30 % of any 18 or more that follow one another; of fewer, only one in two is.
    private const int EnoughForOneInThree = 18;
    private const int Owed = 2;

    /// <summary>The queue before the first slot.</summary>
    public static FairQueue Empty { get; } = new();

    /// <summary>The queue as text, to be stored.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FollowUpsInARow};{FollowUps};{FirstSteps}");

    /// <summary>The queue from its text; the empty one from none, or from what it does not understand: sharing then begins anew.</summary>
    public static FairQueue Parse(string? text) => text?.Split(';') is [var row, var followUps, var firstSteps]
        && int.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var inARow)
        && SequenceShares.TryParse(followUps) is { } later && SequenceShares.TryParse(firstSteps) is { } first
            ? new() { FollowUps = later, FirstSteps = first, FollowUpsInARow = inARow }
            : Empty;

    private SequenceShares FollowUps { get; init; } = SequenceShares.Empty;
    private SequenceShares FirstSteps { get; init; } = SequenceShares.Empty;
    private int FollowUpsInARow { get; init; } = Owed;

    /// <summary>Who has the next slot, and the queue after that; null if nobody waits.</summary>
    /// <param name="waiting">Each lane in which somebody waits who may go now; in any order.</param>
    /// <param name="slotsInLastDay">How many slots the last 24 hours saw, as <see cref="SendLimit.Used"/> says.</param>
    public SlotGrant? Next(IReadOnlyList<WaitingLane> waiting, int slotsInLastDay)
    {
        var kind = NextKind(waiting, slotsInLastDay);
        var shares = Shares(kind);
        WaitingLane? next = null;
        foreach (var lane in waiting)
        {
            if (lane.Lane.Kind == kind && (next is not { } best || IsBefore(lane, best, shares)))
                next = lane;
        }
        return next is { } served ? new(served.Lane, With(kind, shares.Serve(served), FollowUpsAfter(kind))) : null;
    }

    /// <summary>The queue after a granted slot was given back, because the server refused: the lane is as if it had not been served.</summary>
    public FairQueue GiveBack(WaitingLane lane) => lane.Lane.Kind switch
    {
        SlotKind.FollowUp => With(SlotKind.FollowUp, FollowUps.GiveBack(lane), Math.Max(0, FollowUpsInARow - 1)),
        SlotKind.FirstStep => With(SlotKind.FirstStep, FirstSteps.GiveBack(lane), Owed),
    };

    private SlotKind NextKind(IReadOnlyList<WaitingLane> waiting, int slotsInLastDay)
    {
        var mayPass = slotsInLastDay < EnoughForOneInThree ? 1 : 2;
        var firstStepsTurn = FollowUpsInARow >= mayPass;
        var preferred = firstStepsTurn ? SlotKind.FirstStep : SlotKind.FollowUp;
        foreach (var lane in waiting)
        {
            if (lane.Lane.Kind == preferred)
                return preferred;
        }
        return firstStepsTurn ? SlotKind.FollowUp : SlotKind.FirstStep;
    }

    // Equal turns go to the longest waiting; the id only makes the answer one.
    private static bool IsBefore(WaitingLane one, WaitingLane other, SequenceShares shares)
    {
        var turns = shares.NextTurn(one.Lane.Sequence).CompareTo(shares.NextTurn(other.Lane.Sequence));
        if (turns != 0)
            return turns < 0;
        return one.Since != other.Since ? one.Since < other.Since : one.Lane.Sequence.Value.CompareTo(other.Lane.Sequence.Value) < 0;
    }

    private SequenceShares Shares(SlotKind kind) => kind switch
    {
        SlotKind.FollowUp => FollowUps,
        SlotKind.FirstStep => FirstSteps,
    };

    private int FollowUpsAfter(SlotKind kind) => kind switch
    {
        SlotKind.FollowUp => Math.Min(Owed, FollowUpsInARow + 1),
        SlotKind.FirstStep => 0,
    };

    private FairQueue With(SlotKind kind, SequenceShares shares, int followUpsInARow) => kind switch
    {
        SlotKind.FollowUp => new() { FollowUps = shares, FirstSteps = FirstSteps, FollowUpsInARow = followUpsInARow },
        SlotKind.FirstStep => new() { FollowUps = FollowUps, FirstSteps = shares, FollowUpsInARow = followUpsInARow },
    };
}
