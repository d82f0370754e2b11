using Refrain.Core.Contacts;

namespace Refrain.Core.Enrollments;

/// <summary>Something the engine is asked to do in the transaction that stores the transition.</summary>
public abstract record Effect;

/// <summary>Commit the intent to send this step's message. <paramref name="Manual"/>: a person sends it, so caps only count it.</summary>
public sealed record SendEmail(StepId Step, bool Manual) : Effect;

/// <summary>Take back the intent, if it was not handed over; its slot is given back.</summary>
public sealed record WithdrawEmail(StepId Step) : Effect;

/// <summary>Store the outcome of a message as accepted: what a person or a copy of it said after its outcome was lost.</summary>
public sealed record SettleAsAccepted(StepId Step) : Effect;

/// <summary>Let the next message of this step have a new Message-ID: the last was definitely refused or bounced.</summary>
public sealed record RenewMessageId(StepId Step) : Effect;

/// <summary>Open the draft or blocking task of a step, or ask about a stale one.</summary>
public sealed record OpenTask(StepId Step, TaskId Task, bool AsksAboutStale = false) : Effect;

/// <summary>Make the reminder of a step. It outlives Finished and Finished (No Reply).</summary>
public sealed record MakeReminder(StepId Step, TaskId Task) : Effect;

/// <summary>How a task ends.</summary>
public enum TaskEnding
{
    /// <summary>Done by a person.</summary>
    Done,

    /// <summary>Skipped by a person.</summary>
    Skipped,

    /// <summary>Taken back because its step comes again.</summary>
    Withdrawn,

    /// <summary>Closed with its run.</summary>
    Closed,
}

/// <summary>End one open task.</summary>
public sealed record CloseTask(TaskId Task, TaskEnding Ending, string? Outcome = null) : Effect;

/// <summary>Close everything that is open in a run that ended. <paramref name="RemindersToo"/>: false after Finished and Finished (No Reply).</summary>
public sealed record CloseTasks(bool RemindersToo) : Effect;

/// <summary>Mark an address as bad for the whole workspace; every open run that writes to it is told.</summary>
public sealed record MarkAddressBad(EmailAddress Address, string? Detail) : Effect;

/// <summary>Suppress the contact for ever and tell every other open run of his.</summary>
public sealed record OptOutContact(OptOutSource Source) : Effect;

/// <summary>The report of its bounce was about something else: the step's message stands as accepted.</summary>
public sealed record RestoreMessage(StepId Step) : Effect;

/// <summary>Open again the task that the run waited for, its draft as it was, and the reminders that were closed at that instant.</summary>
public sealed record ReopenTasks(NodaTime.Instant EndedAt, TaskId? Task) : Effect;
