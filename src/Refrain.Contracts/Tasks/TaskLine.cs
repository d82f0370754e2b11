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

/// <summary>Put a task off.</summary>
public sealed record TaskSnooze(DateTimeOffset Until);

/// <summary>Give a task to another user; its run stays whose it is.</summary>
public sealed record TaskReassignment(string UserId);

public enum TaskAction
{
    Complete,
    Skip,
    Snooze,
    Reassign,
}

/// <summary>One action on many tasks. Drafts are sent as they stand. <paramref name="Outcome"/> is for complete, <paramref name="Until"/> for snooze, <paramref name="UserId"/> for reassign.</summary>
public sealed record TaskBulk(TaskAction Action, IReadOnlyList<string> Ids, string? Outcome = null, DateTimeOffset? Until = null, string? UserId = null);

/// <summary>Completes a task. For a manual email the draft is what is sent; null sends it as it stands.</summary>
public sealed record TaskCompletion(string? Outcome = null, Draft? Draft = null);
