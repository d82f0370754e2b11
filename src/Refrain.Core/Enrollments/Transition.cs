namespace Refrain.Core.Enrollments;

/// <summary>What a signal did.</summary>
public enum TransitionKind
{
    /// <summary>The enrollment changed (its state, or only its place): stored with an event.</summary>
    Moved,

    /// <summary>A line in the timeline; the state and the place stay, at most the count of its emails is set right.</summary>
    Fact,

    /// <summary>Nothing, not even a line.</summary>
    NoOp,

    /// <summary>The caller gets an error that names the state and why.</summary>
    Refused,
}

/// <summary>What a signal did to an enrollment: the enrollment after it, what the engine has to do, and why. In a refusal <see cref="Why"/> is the error.</summary>
public sealed record Transition(TransitionKind Kind, Enrollment Next, IReadOnlyList<Effect> Effects, Why Why)
{
    /// <summary>False for a move that only changes times (a step held until its window): it is stored without a line in the timeline.</summary>
    public bool Recorded { get; init; } = Kind is TransitionKind.Moved or TransitionKind.Fact;
}
