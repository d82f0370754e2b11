using NodaTime;

namespace Refrain.Core.Enrollments;

/// <summary>A hold over a run: since when and until when; without an end only a user lifts it. <paramref name="Dated"/>: the contact stated the end of his absence.</summary>
public sealed record Hold(Instant Since, Instant? Until, bool Dated = false);

/// <summary>
/// One run of one contact through one sequence version. Its state is read off its layers: a verdict, else a pause, else an absence, else a failure, else the place in
/// the sequence. A hold therefore covers what lies beneath and keeps it true; no pause launders a failure, an unknown outcome or an absence.
/// </summary>
public sealed record Enrollment
{
    public required EnrollmentId Id { get; init; }
    public required WorkspaceId Workspace { get; init; }

    /// <summary>The storage bucket of the user who owns this run.</summary>
    public required int Bucket { get; init; }
    public required UserId User { get; init; }
    public required SequenceId Sequence { get; init; }
    public required int SequenceVersion { get; init; }
    public required ContactId Contact { get; init; }

    /// <summary>The mailbox it sends from; null in a run that has none and needs none.</summary>
    public MailboxId? Mailbox { get; init; }

    /// <summary>The closed state, once there is one.</summary>
    public EnrollmentState? Verdict { get; init; }

    /// <summary>True for an attempt that a guard rejected: it never counts as a run and never has a message.</summary>
    public bool Rejected { get; init; }
    public Hold? Pause { get; init; }
    public Hold? Absence { get; init; }
    public Failure? Failure { get; init; }
    public required Position Position { get; init; }

    /// <summary>How many of its messages a server accepted.</summary>
    public int EmailsSent { get; init; }

    /// <summary>The newest reason, as stored and shown.</summary>
    public required Why Why { get; init; }

    /// <summary>Since when it is in its state.</summary>
    public required Instant Since { get; init; }

    /// <summary>When the contact was enrolled.</summary>
    public required Instant EnrolledAt { get; init; }

    /// <summary>Counts the writes: a writer names the one it read, and loses if another came first.</summary>
    public int Revision { get; init; }

    public EnrollmentState State =>
        Verdict ?? (Pause is not null ? EnrollmentState.Paused
        : Absence is not null ? EnrollmentState.PausedO3
        : Failure is not null ? EnrollmentState.Failed
        : Position.Phase is Phase.Capped or Phase.AtTask ? EnrollmentState.Pending
        : EnrollmentState.Active);

    public bool IsOpen => Verdict is null;

    /// <summary>Open, and neither held nor failed: the engine takes it further by itself.</summary>
    public bool IsFree => Verdict is null && Pause is null && Absence is null && Failure is null;

    /// <summary>The next instant at which the engine does something by itself; null when it waits for something else (see <see cref="WaitsFor"/>) or is closed.</summary>
    public Instant? NextAt => State switch
    {
        EnrollmentState.Active => Position.NextAt,
        EnrollmentState.Paused => Pause!.Until,
        EnrollmentState.PausedO3 => Absence!.Until,
        EnrollmentState.Pending or EnrollmentState.Failed => null,
        EnrollmentState.FinishedBounced or EnrollmentState.FinishedReplied or EnrollmentState.FinishedNoReply or EnrollmentState.FinishedOptOut
            or EnrollmentState.Finished or EnrollmentState.Unsubscribed or EnrollmentState.AlreadyEnrolled or EnrollmentState.OtherEnrolled
            or EnrollmentState.FinishedUnenrolled => null,
    };

    /// <summary>What an open enrollment without a next instant waits for; null when it has one or is closed.</summary>
    public Wait? WaitsFor => !IsOpen || NextAt is not null ? null
        : Pause is not null || Absence is not null ? Wait.Resume
        : Failure is not null ? Failure.Cause is FailureCause.MailboxDisconnected or FailureCause.UserDeactivated ? Wait.Sender : Wait.Retry
        : Position.Phase switch
        {
            Phase.Capped => Wait.Slot,
            Phase.AtTask => Wait.Person,
            Phase.Sending => Wait.Outcome,
            Phase.Waiting => null,
        };
}

/// <summary>What an enrollment waits for when it does not wait for a time.</summary>
public enum Wait
{
    /// <summary>The outcome of the message in flight.</summary>
    Outcome,

    /// <summary>A free slot under a cap.</summary>
    Slot,

    /// <summary>A person, who has a draft or a task open.</summary>
    Person,

    /// <summary>A user who retries, skips or removes.</summary>
    Retry,

    /// <summary>The mailbox or its user to come back.</summary>
    Sender,

    /// <summary>A user who resumes.</summary>
    Resume,
}
