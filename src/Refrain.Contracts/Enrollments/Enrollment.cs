namespace Refrain.Contracts;

/// <summary>One run of one contact through one sequence version. <paramref name="Step"/>: its place, from 1; null after the last.</summary>
public sealed record Enrollment(
    string Id, [property: StateName] string State, string Reason, string ReasonCode, string ContactId, string SequenceId, int Version, string? MailboxId,
    string UserId, int? Step, DateTimeOffset? NextAt, [property: WaitName] string? WaitsFor, bool Rejected, DateTimeOffset Since, DateTimeOffset EnrolledAt,
    int EmailsSent);

/// <summary>One line of the timeline.</summary>
public sealed record EnrollmentEvent(
    DateTimeOffset At, string Signal, string? From, string To, string Why, string WhyCode, string Actor, string? MessageId);

/// <summary>Why an enrollment has not gone on.</summary>
public sealed record EnrollmentWhy([property: StateName] string State, string Sentence, IReadOnlyList<Gate> Gates, DateTimeOffset? PredictedAt);

public enum GateVerdict
{
    Pass,
    Hold,
    Stop,
}

/// <summary>One of the gates before a send.</summary>
public sealed record Gate([property: System.Text.Json.Serialization.JsonPropertyName("gate")] string Name, GateVerdict Verdict, string? Why, DateTimeOffset? Since, DateTimeOffset? Until);
