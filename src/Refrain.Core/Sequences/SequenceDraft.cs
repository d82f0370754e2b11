using NodaTime;
using Refrain.Core.Schedules;

namespace Refrain.Core.Sequences;

/// <summary>A step as somebody edits it: everything may still be wrong. <paramref name="Outcomes"/>: what an outcome does, by its wire name.</summary>
public sealed record DraftStep(
    StepId Id, StepKind Kind, StepDelay Delay, LocalTime? At = null, string? Subject = null, string? Text = null, string? Html = null,
    string? Title = null, string? Note = null, string? Channel = null, IReadOnlyDictionary<string, string>? Outcomes = null)
{
    public bool IsEmail => Kind is StepKind.Email or StepKind.ManualEmail;
}

/// <summary>What became of a draft that was to be published.</summary>
public abstract record Publication
{
    private Publication() { }

    /// <summary>The new, immutable version.</summary>
    public sealed record Published(Sequence Sequence) : Publication;

    /// <summary>What has to be corrected first; never empty.</summary>
    public sealed record Refused(IReadOnlyList<Problem> Problems) : Publication;
}

/// <summary>A sequence as somebody edits it.</summary>
public sealed record SequenceDraft(SequenceId Id, string Name, SequenceSettings Settings, IReadOnlyList<DraftStep> Steps)
{
    /// <summary>
    /// What is wrong with it, at an instant that tells whether its end date has passed; empty when it may be published.
    /// Merge fields and filters are the renderer's to check.
    /// </summary>
    public IReadOnlyList<Problem> Problems(Instant now) => [.. DraftChecks.Of(this, now)];

    /// <summary>The draft as the version of that number (from 1), or its problems.</summary>
    public Publication Publish(int version, Instant now)
    {
        var problems = Problems(now);
        return problems.Count > 0
            ? new Publication.Refused(problems)
            : new Publication.Published(new(Id, version, Name.Trim(), Settings, [.. Steps.Select((step, index) => Published(step, index + 1))]));
    }

    private static Step Published(DraftStep step, int number) => new(
        step.Id, number, step.Kind, step.Delay, step.At,
        step.IsEmail ? new(step.Subject ?? "", step.Text ?? "", string.IsNullOrWhiteSpace(step.Html) ? null : step.Html) : null,
        step.Title, step.Note, step.Channel, step.Outcomes?.ToDictionary(outcome => outcome.Key, outcome => Action(outcome.Value)));

    private static OutcomeAction Action(string name) => SequenceNames.TryParse(name, out OutcomeAction action) ? action : throw new FormatException(name);
}
