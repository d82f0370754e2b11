using NodaTime;
using Refrain.Core.Schedules;

namespace Refrain.Core.Sequences;

/// <summary>A step as somebody edits it: everything may still be wrong. <paramref name="Outcomes"/>: what an outcome does, by its wire name.</summary>
public sealed record DraftStep(
    StepId Id, StepKind Kind, StepDelay Delay, LocalTime? At = null, string? Subject = null, string? Text = null, string? Html = null,
    string? Title = null, string? Note = null, string? Channel = null, IReadOnlyDictionary<string, string>? Outcomes = null);

/// <summary>What became of a draft that was to be published.</summary>
public abstract record Publication
{
    private Publication() { }

    /// <summary>The new, immutable version.</summary>
    public sealed record Published(Sequence Sequence) : Publication;

    /// <summary>What has to be corrected first; never empty.</summary>
    public sealed record Refused(IReadOnlyList<Problem> Problems) : Publication;
}

/// <summary>A sequence as somebody edits it.</summary>
public sealed record SequenceDraft(SequenceId Id, string Name, SequenceSettings Settings, IReadOnlyList<DraftStep> Steps)
{
    /// <summary>What is wrong with it; empty when it may be published.</summary>
    public IReadOnlyList<Problem> Problems() => Steps.Count == 0 ? [new("steps", "no_steps", "A sequence needs at least one step.")] : [];

    /// <summary>The draft as the version of that number, or its problems.</summary>
    public Publication Publish(int version) => throw new NotSupportedException($"{version}");
}
