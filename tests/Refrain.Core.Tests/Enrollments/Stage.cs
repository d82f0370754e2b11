using NodaTime;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>Where a run of the stage stands.</summary>
internal enum Spot
{
    DueEmail,
    DueDraft,
    DueCall,
    DueReminder,
    InFlight,
    LastInFlight,
    Capped,
    OpenDraft,
    OpenCall,
    OpenQuestion,
    LastOpenQuestion,
    LastOpenCall,
    LateReplyWait,
}

/// <summary>A run in any state, with its sequence and the facts beside it: the first email was sent, and it is Monday.</summary>
internal sealed record Stage
{
    public static Instant Now { get; } = Instant.FromUtc(2027, 1, 4, 9, 0);
    public static TaskId Task { get; } = TaskId.New();
    public static MessageId Message { get; } = MessageId.New();
    public static Actor Ann { get; } = Actor.User(UserId.New());
    public static Step First { get; } = Email(1, new(0, DelayUnit.Minutes));
    public static Step Second { get; } = Email(2, new(2, DelayUnit.Days));
    public static Step Draft { get; } = new(StepId.New(), 3, StepKind.ManualEmail, new(1, DelayUnit.Days), Email: new("Hello", "Text", null));
    public static Step Call { get; } = new(StepId.New(), 4, StepKind.Call, new(1, DelayUnit.Days), Title: "Ring them", Outcomes: new Dictionary<string, OutcomeAction>
    {
        ["interested"] = OutcomeAction.Continue, ["not_interested"] = OutcomeAction.Unenroll,
    });

    public static Step Reminder { get; } = new(StepId.New(), 5, StepKind.Reminder, new(1, DelayUnit.Days), Title: "Look them up");
    public static Step LastEmail { get; } = Email(6, new(1, DelayUnit.Days));
    public static Step LastCall { get; } = new(StepId.New(), 7, StepKind.Call, new(1, DelayUnit.Days), Title: "Ring them again");

    public SequenceSettings Settings { get; init; } = new();
    public Spot Spot { get; init; } = Spot.DueEmail;

    /// <summary>Where the run stands when it is Pending.</summary>
    public Spot PendingSpot { get; init; } = Spot.OpenCall;
    public FailureCause Cause { get; init; } = FailureCause.Delivery;
    public FailureCause? CauseBeneath { get; init; }
    public Hold Pause { get; init; } = new(Now - Duration.FromDays(1), Now);
    public Hold Absence { get; init; } = new(Now - Duration.FromDays(1), Now);
    public Hold? AbsenceBeneath { get; init; }
    public IntentStage Intent { get; init; } = IntentStage.Handed;
    public bool MayBeOpen { get; init; } = true;
    public EmailAddress? Address { get; init; }
    public MessageId? Standing { get; init; }
    public Schedule Schedule { get; init; } = Always;

    public static Schedule Always { get; } = new(DateTimeZone.Utc, [], false, [], null, DateTimeZone.Utc);

    /// <summary>Another version of the same sequence, with these steps.</summary>
    public static Sequence Version(int version, IReadOnlyList<Step> steps) =>
        new(SequenceId.New(), version, "Intro", new(), [.. steps.Select((step, index) => step with { Number = index + 1 })]);

    /// <summary>Where the last email is in flight, nothing comes after it.</summary>
    public Sequence Sequence => new(SequenceId.New(), 1, "Intro", Settings, Spot == Spot.LastInFlight
        ? [First, Second, Draft, Call, Reminder, LastEmail]
        : [First, Second, Draft, Call, Reminder, LastEmail, LastCall]);

    public Facts Facts(EnrollmentState state) => new(
        Schedule, At(state).Phase == Phase.Sending ? Intent : IntentStage.None, First.Id, MayBeOpen, Standing: Standing, Address: Address);

    public Enrollment Run(EnrollmentState state) => new()
    {
        Id = EnrollmentId.New(), Workspace = WorkspaceId.New(), Bucket = 0, User = UserId.New(), Sequence = SequenceId.New(), SequenceVersion = 1, Contact = ContactId.New(),
        EnrolledAt = Now - Duration.FromDays(9), Since = Now - Duration.FromDays(3), Why = Why.Of("before", "As it was."), EmailsSent = 1,
        Verdict = state.IsOpen() ? null : state,
        Pause = state == EnrollmentState.Paused ? Pause : null,
        Absence = state == EnrollmentState.PausedO3 ? Absence : state == EnrollmentState.Paused ? AbsenceBeneath : null,
        Failure = FailureIn(state) is { } cause ? new(cause, null, Now) : null,
        Position = At(state),
    };

    public Transition Decide(EnrollmentState state, Signal signal) => EnrollmentMachine.Decide(Run(state), Sequence, Facts(state), signal);

    private FailureCause? FailureIn(EnrollmentState state) => state switch
    {
        EnrollmentState.Failed => Cause,
        EnrollmentState.Paused or EnrollmentState.PausedO3 => CauseBeneath,
        _ => null,
    };

    private Position At(EnrollmentState state)
    {
        var place = PositionAt(state == EnrollmentState.Pending ? PendingSpot : Spot);
        if (state == EnrollmentState.Active)
            return place.Phase == Phase.AtTask ? Due(Second) : place;
        var covered = state != EnrollmentState.Pending && place.Phase == Phase.Waiting;
        return covered ? place with { DelayEnds = null, NextAt = null, Remaining = Duration.Zero } : place;
    }

    private static Position PositionAt(Spot spot) => spot switch
    {
        Spot.DueEmail => Due(Second),
        Spot.DueDraft => Due(Draft),
        Spot.DueCall => Due(Call),
        Spot.DueReminder => Due(Reminder),
        Spot.InFlight => Due(Second) with { Phase = Phase.Sending, NextAt = null },
        Spot.LastInFlight => Due(LastEmail) with { Phase = Phase.Sending, NextAt = null },
        Spot.Capped => Due(Second) with { Phase = Phase.Capped, NextAt = null, Cap = new("mailbox_daily", 50, 50, Now + Duration.FromHours(5)) },
        Spot.OpenDraft => Open(Draft),
        Spot.OpenCall => Open(Call),
        Spot.OpenQuestion => Open(Second),
        Spot.LastOpenQuestion => Open(LastEmail),
        Spot.LastOpenCall => Open(LastCall),
        Spot.LateReplyWait => new(Phase.Waiting, null, DelayEnds: Now, NextAt: Now),
    };

    private static Position Due(Step step) => new(Phase.Waiting, step.Id, DelayEnds: Now, NextAt: Now, DueAt: Now);

    private static Position Open(Step step) => Due(step) with { Phase = Phase.AtTask, NextAt = null, Task = Task };

    private static Step Email(int number, StepDelay delay) => new(StepId.New(), number, StepKind.Email, delay, Email: new("Hello", "Text", null));
}
