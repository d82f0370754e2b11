namespace Refrain.Contracts;

/// <summary>A sequence as it is written: what a draft holds, and what a published version keeps.</summary>
public record SequenceText
{
    public required string Name { get; init; }
    public SequenceSettings Settings { get; init; } = new();
    public IReadOnlyList<SequenceStep> Steps { get; init; } = [];
}

/// <summary>A new text for the draft. <see cref="Revision"/>: of the draft it was made from; a draft that has moved on since is not overwritten. Null overwrites.</summary>
public sealed record SequenceChange : SequenceText
{
    public int? Revision { get; init; }
}

/// <summary>A sequence: its draft, and where it stands. <see cref="Version"/> 0: never published.</summary>
public sealed record Sequence : SequenceText
{
    public required string Id { get; init; }
    public required int Version { get; init; }
    public required int Revision { get; init; }
    public required DateTimeOffset? PausedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A sequence in a list.</summary>
public sealed record SequenceLine(string Id, string Name, int Version, int Revision, DateTimeOffset? PausedAt, DateTimeOffset CreatedAt);

/// <summary>What a write to a sequence made of it.</summary>
public sealed record SequenceSaved(string Id, int Version, int Revision);

/// <summary>What becomes of open runs when a version is published.</summary>
public enum OpenRuns
{
    /// <summary>They end in the version that they began in.</summary>
    Stay,

    /// <summary>They go on in the new version, at the same step or the next that is left.</summary>
    Move,
}

/// <summary>Publish the draft.</summary>
public sealed record Publish(OpenRuns OpenRuns = OpenRuns.Stay);

/// <summary>
/// The new version. <paramref name="Warnings"/>: why whoever is enrolled now can never finish; empty when he can. <paramref name="Moves"/>: the job that takes open runs to it;
/// null when there was none to take.
/// </summary>
public sealed record Published(int Version, IReadOnlyList<Warning> Warnings, Job? Moves = null);

/// <summary>What a move makes of an open run: it keeps its step; goes on with another, because its own is gone or one was added after the last; ends; or stays in its version.</summary>
public enum RunFate
{
    KeepsStep,
    GoesOn,
    Ends,
    Stays,
}

/// <summary>
/// An open run that a publication would meet. <paramref name="Step"/>: its place now; <paramref name="NextStep"/>: its place in the new version, null at the end.
/// <paramref name="Reason"/>: why it would stay in its version.
/// </summary>
public sealed record AffectedRun(
    string EnrollmentId, string ContactId, [property: StateName] string State, int Version, int? Step, RunFate Fate, int? NextStep, string? Reason);

/// <summary>What a publication would do: the number of the version, how many open runs it would meet and what would become of them, and a page of them.</summary>
public sealed record PublishRehearsal(int Version, long Affected, IReadOnlyDictionary<string, long> ByFate, IReadOnlyList<AffectedRun> Items, string? Next);

/// <summary>Counts of a sequence: rows by state, all fourteen; and its funnel.</summary>
public sealed record SequenceStats(IReadOnlyDictionary<string, long> ByState, IReadOnlyList<StepStats> Steps);

/// <summary>What came of one step. <paramref name="Step"/>: its place, from 1.</summary>
public sealed record StepStats(int Step, string StepId, long Sent, long Bounced, long Replied, long Unsubscribed);
