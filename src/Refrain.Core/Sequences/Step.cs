using NodaTime;
using Refrain.Core.Schedules;

namespace Refrain.Core.Sequences;

/// <summary>What a step does.</summary>
public enum StepKind
{
    /// <summary>An email that goes out by itself.</summary>
    Email,

    /// <summary>An email that a person edits and sends, or skips.</summary>
    ManualEmail,

    /// <summary>A call to make; blocks until done or skipped.</summary>
    Call,

    /// <summary>Something to do, perhaps on a channel (a social touch); blocks until done or skipped.</summary>
    Todo,

    /// <summary>A reminder; does not block.</summary>
    Reminder,
}

/// <summary>What an email says, as Liquid templates. <paramref name="Html"/> null: made from the text.</summary>
public sealed record EmailTemplate(string Subject, string Text, string? Html);

/// <summary>One step of a sequence.</summary>
/// <param name="Id">Stable from version to version.</param>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Delay">Counted from the end of the step before; for the first, from enrollment.</param>
/// <param name="At">Its own wall-clock time of day in the contact's zone, or null for any.</param>
/// <param name="Email">The email, for the two email kinds.</param>
/// <param name="Title">What a task or reminder is called.</param>
/// <param name="Note">What a task or reminder says below its title.</param>
/// <param name="Channel">Where a to-do is done: <c>linkedin</c>…</param>
/// <param name="Outcomes">For tasks: what an outcome does. The value <c>unenroll</c> ends the run, <c>continue</c> moves on.</param>
public sealed record Step(
    StepId Id, int Number, StepKind Kind, StepDelay Delay, LocalTime? At = null, EmailTemplate? Email = null,
    string? Title = null, string? Note = null, string? Channel = null, IReadOnlyDictionary<string, OutcomeAction>? Outcomes = null)
{
    public bool IsEmail => Kind is StepKind.Email or StepKind.ManualEmail;
}

/// <summary>What the outcome of a task does to the run.</summary>
public enum OutcomeAction
{
    /// <summary>The run moves on.</summary>
    Continue,

    /// <summary>The contact is taken out, rule: call outcome.</summary>
    Unenroll,
}
