using System.Text.Json.Serialization;

namespace Refrain.Contracts;

/// <summary>What a step does.</summary>
public enum StepKind
{
    Email,
    ManualEmail,
    Call,
    Todo,
    Reminder,
}

/// <summary>What the outcome of a task does to the run.</summary>
public enum OutcomeAction
{
    Continue,
    Unenroll,
}

/// <summary>One step. Emails have a subject and a text; calls, to-dos and reminders a title.</summary>
public sealed record SequenceStep
{
    public required StepKind Kind { get; init; }

    /// <summary>Stable from version to version. A step that is saved without one is new, unless it says what a step of the draft says.</summary>
    public string? Id { get; init; }
    public Delay Delay { get; init; } = new(0, DelayUnit.Minutes);

    /// <summary>Its own time of day; null for any.</summary>
    public TimeOnly? At { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subject { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Html { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Channel { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, OutcomeAction>? Outcomes { get; init; }
}
