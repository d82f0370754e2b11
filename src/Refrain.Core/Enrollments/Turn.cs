using NodaTime;
using Refrain.Core.Contacts;
using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>One question to the machine: a run, its sequence, the facts beside it, and what happened.</summary>
internal sealed record Turn(Enrollment Run, Sequence Sequence, Facts Facts, Signal Signal)
{
    public Instant At => Signal.At;
    public Position Place => Run.Position;

    /// <summary>The current step; null after the last one.</summary>
    public Step? Step => Place.Step is { } id ? Sequence.Find(id) : null;

    /// <summary>The step waits, nothing covers it, and its time has come.</summary>
    public bool IsDue => Run.IsFree && Place is { Phase: Phase.Waiting, Step: not null } && !(Place.NextAt > At);

    /// <summary>The step sends without asking: an automatic email, or a draft that a person has sent.</summary>
    public bool SendsByItself => Step is { } step && (step.Kind == StepKind.Email || (step.Kind == StepKind.ManualEmail && Place.Approved));

    /// <summary>The step's message may be with the server: its outcome moves the run, and nothing else may send it.</summary>
    public bool IsSending(StepId step) => Place.Phase == Phase.Sending && Place.Step == step;

    /// <summary>The current step's message is with the server, or nobody knows whether it went: to go back and come here again would send it twice.</summary>
    public bool MayHaveGone => Facts.Intent == IntentStage.Handed || Facts.Fate == MessageFate.Unknown;

    /// <summary>What came back is the latest that was sent. A second report of an attempt, after which the step was tried again, is not.</summary>
    public bool IsOfLatest(SoftBounced signal) => signal.Step == Facts.LatestSentStep && (signal.Reported is not { } reported || reported == Facts.Standing);

    /// <summary>False once the contact has another address.</summary>
    public bool WritesTo(EmailAddress address) => Facts.Address is not { } now || now == address;

    public bool IsUnknown => Run.Failure?.Cause == FailureCause.OutcomeUnknown;
    public bool HasSent => Run.EmailsSent > 0 || Facts.LatestSentStep is not null;

    /// <summary>The end of a run that nobody stopped. No Reply needs a message and a sequence that listens for replies.</summary>
    public EnrollmentState Silence => Sequence.Settings.StopOnReply && HasSent ? EnrollmentState.FinishedNoReply : EnrollmentState.Finished;

    /// <summary>What must be undone to leave the current place before its own outcome.</summary>
    public Effect[] Leave(TaskEnding ending) => Place switch
    {
        { Phase: Phase.Sending, Step: { } step } when Facts.Intent == IntentStage.Intended => [new WithdrawEmail(step)],
        { Phase: Phase.AtTask, Task: { } task } => [new CloseTask(task, ending)],
        Position => [],
    };

    public Transition Fact(Why why, params Effect[] effects) => new(TransitionKind.Fact, Run, effects, why);

    /// <summary>The signal came too late, too early, or to a state that it does not concern.</summary>
    public Transition NoOp() => new(TransitionKind.NoOp, Run, [], Reasons.NoChange(this));

    public Transition Refuse(Why why) => new(TransitionKind.Refused, Run, [], why);

    /// <summary>The run changes. Holds, failures and ends freeze the place; leaving the last of them thaws it.</summary>
    public Transition Move(Enrollment next, Why why, params Effect[] effects) => Settlement.Settle(this, next, why, effects);
}
