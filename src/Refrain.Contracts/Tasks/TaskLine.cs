namespace Refrain.Contracts;

public enum TaskKind
{
    ManualEmail,
    Call,
    Todo,
    Reminder,

    /// <summary>Asks whether a step that is long overdue shall still go.</summary>
    Stale,
}

/// <summary>An email before a person sends it.</summary>
public sealed record Draft(string Subject, string Text);

/// <summary>A task in somebody's queue.</summary>
public sealed record TaskLine(
    string Id, TaskKind Kind, string Title, string? Note, string? Channel, string EnrollmentId, string ContactId, string SequenceId, string UserId,
    DateTimeOffset DueAt, Draft? Draft);

/// <summary>Completes a task. For a manual email the draft is what is sent; null sends it as it stands.</summary>
public sealed record TaskCompletion(string? Outcome = null, Draft? Draft = null);
