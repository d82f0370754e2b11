namespace Refrain.Contracts;

/// <summary>Failures of one root cause. <paramref name="MailboxId"/>: where the sender is the cause.</summary>
public sealed record FailureGroup(
    [property: CauseName] string Cause, string? Detail, string SequenceId, string? MailboxId, long Count, DateTimeOffset Since, IReadOnlyList<string> EnrollmentIds);

/// <summary>The failure desk. An enrollment that is paused over a failure counts here too.</summary>
public sealed record FailureDesk(IReadOnlyList<FailureGroup> Items);

/// <summary>Retry every failure that matches all given members. Messages that may have been delivered are never sent again by this.</summary>
public sealed record FailureRetry([property: CauseName] string? Cause = null, string? Detail = null, string? SequenceId = null, string? MailboxId = null);
