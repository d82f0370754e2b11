namespace Refrain.Contracts;

public enum JobKind
{
    /// <summary>Enrolls contacts.</summary>
    Enroll,

    /// <summary>Takes open runs to a new version of their sequence.</summary>
    Move,
}

public enum JobState
{
    Running,
    Finished,
}

/// <summary>
/// Work that goes on after its request was answered. <paramref name="Done"/> of <paramref name="Total"/> rows have an outcome; <paramref name="Refused"/> of them
/// could not be done. <paramref name="ByState"/>: the others, by the state that their enrollment had then.
/// </summary>
public sealed record Job(
    string Id, JobKind Kind, JobState State, string SequenceId, int Total, int Done, int Refused, IReadOnlyDictionary<string, int> ByState,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

public enum JobRowStatus
{
    Left,
    Done,
    Refused,
}

/// <summary>One row of a job, in the order of its request. <paramref name="Row"/>: its place there, from 1. <paramref name="Code"/>: why it was refused.</summary>
public sealed record JobRow(
    int Row, JobRowStatus Status, string? ContactId, string? Email, string? EnrollmentId, [property: StateName] string? State, string? Code, string? Message);
