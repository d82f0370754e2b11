namespace Refrain.Contracts;

/// <summary>Pause until an instant; null: until somebody resumes.</summary>
public sealed record Pause(DateTimeOffset? Until = null);

/// <summary>What a person says about a message whose outcome is unknown.</summary>
public enum UnknownOutcome
{
    Resend,
    Delivered,
}

/// <summary>Retry a failed step. Where the outcome of its message is unknown somebody has to say what to do.</summary>
public sealed record Retry(UnknownOutcome? Unknown = null);

/// <summary>Another mailbox to send from.</summary>
public sealed record MoveToMailbox(string MailboxId);

public enum BulkAction
{
    Pause,
    Resume,
    Retry,
    Skip,
    Unenroll,
    Finish,
}

/// <summary>Which enrollments: all that match every given member.</summary>
public sealed record EnrollmentFilter(string? SequenceId = null, [property: StateName] string? State = null, [property: CauseName] string? Cause = null);

/// <summary>One action on many enrollments: those of the ids, or those that the filter finds. <paramref name="Until"/> is for pauses.</summary>
public sealed record Bulk(BulkAction Action, IReadOnlyList<string>? Ids = null, EnrollmentFilter? Filter = null, DateTimeOffset? Until = null);

/// <summary>How many it was done to, and which refused it, and why.</summary>
public sealed record BulkResult(int Done, IReadOnlyList<Refusal> Refused);

/// <summary>An enrollment that refused.</summary>
public sealed record Refusal(string Id, string Code, string Message);
