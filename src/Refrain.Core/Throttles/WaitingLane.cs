using System.Runtime.InteropServices;
using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>What a slot is for.</summary>
public enum SlotKind
{
    /// <summary>A later email to somebody who has had one.</summary>
    FollowUp,

    /// <summary>The first email of a run.</summary>
    FirstStep,
}

/// <summary>Enrollments of one sequence that wait for the same kind of slot; among them the longest waiting goes first.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Lane(SequenceId Sequence, SlotKind Kind);

/// <summary>A lane in which somebody waits.</summary>
/// <param name="Lane">Whose lane.</param>
/// <param name="Weight">The sequence's weight, 1 or more: twice the weight, twice the slots.</param>
/// <param name="Since">When the step of the longest waiting came due: decides between equals.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WaitingLane(Lane Lane, int Weight, Instant Since);

/// <summary>Who has the slot, and the queue after that.</summary>
public sealed record SlotGrant(Lane Lane, FairQueue Queue);
