using NodaTime;
using Refrain.Core.Enrollments;

namespace Refrain.Core.Tests.Enrollments;

public sealed class TaskTests
{
    private static readonly Instant Now = Stage.Now;
    private static readonly Duration Day = Duration.FromDays(1);
    private static readonly StepStale Stale = new(Now, Duration.FromDays(9), Stage.Task);

    [Fact]
    public void a_stale_email_asks_a_person_once()
    {
        var stage = new Stage();
        var asked = stage.Decide(EnrollmentState.Active, Stale);
        (asked.Next.State, asked.Why.Code).ShouldBe((EnrollmentState.Pending, "stale"));
        asked.Effects.ShouldBe([new OpenTask(Stage.Second.Id, Stage.Task, AsksAboutStale: true)]);
        var send = Decide(stage, asked.Next, new TaskCompleted(Now + Day, Stage.Ann, Stage.Task));
        (send.Next.State, send.Next.NextAt, send.Next.Position.Step).ShouldBe((EnrollmentState.Active, Now + Day, Stage.Second.Id));
        send.Effects.ShouldBe([new CloseTask(Stage.Task, TaskEnding.Done)]);
        Decide(stage, send.Next, Stale with { At = Now + (Day * 20) }).Kind.ShouldBe(TransitionKind.NoOp);
        Decide(stage, send.Next, new StepDue(Now + Day)).Effects.ShouldBe([new SendEmail(Stage.Second.Id, Manual: false)]);
    }

    [Fact]
    public void a_stale_email_is_skipped_on_a_persons_word()
    {
        var stage = new Stage { PendingSpot = Spot.OpenQuestion };
        stage.Decide(EnrollmentState.Pending, new TaskSkipped(Now, Stage.Ann, Stage.Task)).Next.Position.Step.ShouldBe(Stage.Draft.Id);
    }

    [Fact]
    public void a_late_task_asks_by_being_there()
    {
        new Stage { Spot = Spot.DueCall }.Decide(EnrollmentState.Active, Stale).Effects.ShouldBe([new OpenTask(Stage.Call.Id, Stage.Task)]);
        new Stage { Spot = Spot.DueReminder }.Decide(EnrollmentState.Active, Stale).Effects.ShouldBe([new MakeReminder(Stage.Reminder.Id, Stage.Task)]);
    }

    [Fact]
    public void a_draft_is_sent_by_hand_and_retried_withunenrolledasking_again()
    {
        var stage = new Stage { PendingSpot = Spot.OpenDraft };
        var sent = stage.Decide(EnrollmentState.Pending, new DraftSent(Now, Stage.Ann, Stage.Task));
        sent.Effects.ShouldBe([new CloseTask(Stage.Task, TaskEnding.Done), new SendEmail(Stage.Draft.Id, Manual: true)]);
        var deferred = Decide(stage, sent.Next, new MessageDeferred(Now, Stage.Message, Stage.Draft.Id, "451")).Next;
        Decide(stage, deferred, new ManualStepDue(Now + Day, Stage.Task)).Kind.ShouldBe(TransitionKind.NoOp);
        Decide(stage, deferred, new StepDue(Now + Day)).Effects.ShouldBe([new SendEmail(Stage.Draft.Id, Manual: true)]);
    }

    [Fact]
    public void an_email_that_a_person_has_not_sent_never_goes_by_itself() =>
        new Stage { Spot = Spot.DueDraft }.Decide(EnrollmentState.Active, new StepDue(Now)).Kind.ShouldBe(TransitionKind.NoOp);

    [Fact]
    public void a_call_is_no_draft() =>
        new Stage().Decide(EnrollmentState.Pending, new DraftSent(Now, Stage.Ann, Stage.Task)).Why.Code.ShouldBe("not_a_draft");

    [Fact]
    public void only_the_open_task_can_be_done()
    {
        var other = TaskId.New();
        new Stage().Decide(EnrollmentState.Pending, new TaskCompleted(Now, Stage.Ann, other)).Why.Code.ShouldBe("no_open_task");
        new Stage().Decide(EnrollmentState.Pending, new TaskSkipped(Now, Stage.Ann, other)).Why.Code.ShouldBe("no_open_task");
        new Stage { PendingSpot = Spot.Capped }.Decide(EnrollmentState.Pending, new TaskSkipped(Now, Stage.Ann, other)).Why.Code.ShouldBe("no_open_task");
    }

    [Fact]
    public void an_outcome_does_what_its_step_says()
    {
        var stage = new Stage();
        stage.Decide(EnrollmentState.Pending, new TaskCompleted(Now, Stage.Ann, Stage.Task, "interested")).Next.State.ShouldBe(EnrollmentState.Active);
        stage.Decide(EnrollmentState.Pending, new TaskCompleted(Now, Stage.Ann, Stage.Task, "asleep")).Why.Code.ShouldBe("unknown_outcome");
        var unenrolled = stage.Decide(EnrollmentState.Pending, new TaskCompleted(Now, Stage.Ann, Stage.Task, "not_interested"));
        (unenrolled.Next.State, unenrolled.Why.Code).ShouldBe((EnrollmentState.FinishedUnenrolled, "call_outcome"));
        unenrolled.Effects.ShouldBe([new CloseTask(Stage.Task, TaskEnding.Done, "not_interested"), new CloseTasks(RemindersToo: true)]);
    }

    [Fact]
    public void a_skipped_step_closes_its_task_and_takes_back_its_message()
    {
        new Stage().Decide(EnrollmentState.Pending, new StepSkipped(Now, Stage.Ann)).Effects.ShouldBe([new CloseTask(Stage.Task, TaskEnding.Skipped)]);
        var inFlight = new Stage { Spot = Spot.InFlight, Intent = IntentStage.Intended };
        inFlight.Decide(EnrollmentState.Active, new StepSkipped(Now, Stage.Ann)).Effects.ShouldBe([new WithdrawEmail(Stage.Second.Id)]);
        (inFlight with { Intent = IntentStage.Handed }).Decide(EnrollmentState.Active, new StepSkipped(Now, Stage.Ann)).Why.Code.ShouldBe("already_handed_over");
        (inFlight with { Spot = Spot.LateReplyWait }).Decide(EnrollmentState.Active, new StepSkipped(Now, Stage.Ann)).Why.Code.ShouldBe("no_step_left");
    }

    [Fact]
    public void a_reminder_does_not_block()
    {
        var transition = new Stage { Spot = Spot.DueReminder }.Decide(EnrollmentState.Active, new ReminderDue(Now, Stage.Task));
        transition.Effects.ShouldBe([new MakeReminder(Stage.Reminder.Id, Stage.Task)]);
        (transition.Next.Position.Step, transition.Next.NextAt).ShouldBe((Stage.LastEmail.Id, Now + Day));
    }

    [Fact]
    public void a_step_that_is_not_due_does_nothing_yet()
    {
        var run = new Stage().Run(EnrollmentState.Active);
        var waiting = run with { Position = run.Position with { NextAt = Now + Day } };
        Signal[] early =
        [
            new StepDue(Now), new StepHeld(Now, Now, run.Why), new CapReached(Now, new("x", 1, 1, Now)), Stale,
        ];
        early.ShouldAllBe(signal => Decide(new(), waiting, signal).Kind == TransitionKind.NoOp);
    }

    private static Transition Decide(Stage stage, Enrollment run, Signal signal) =>
        EnrollmentMachine.Decide(run, stage.Sequence, stage.Facts(run.State) with { Intent = run.Position.Phase == Phase.Sending ? stage.Intent : IntentStage.None }, signal);
}
