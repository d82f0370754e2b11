using NodaTime;

namespace Refrain.Core.Enrollments;

/// <summary>All that lies over the place of a run, and the place: what a correction goes back to.</summary>
public sealed record Layers(EnrollmentState? Verdict, Hold? Pause, Hold? Absence, Failure? Failure, Position Position)
{
    public static Layers Of(Enrollment run) => new(run.Verdict, run.Pause, run.Absence, run.Failure, run.Position);
}

/// <summary>What a misread message had done to a run.</summary>
/// <param name="Signal">The signal that it was taken for.</param>
/// <param name="DoneAt">When it was applied.</param>
/// <param name="Made">The state that it led to.</param>
/// <param name="Before">The run as it had been.</param>
public sealed record Undo(SignalKind Signal, Instant DoneAt, EnrollmentState Made, Layers Before);
