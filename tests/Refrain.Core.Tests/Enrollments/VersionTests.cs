using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Tests.Schedules;

namespace Refrain.Core.Tests.Enrollments;

public sealed class VersionTests
{
    private static readonly Instant Now = Stage.Now;
    private static readonly Duration Day = Duration.FromDays(1);
    private static readonly Step Added = new(StepId.New(), 1, StepKind.Todo, new(3, DelayUnit.Days), Title: "Write a card");

    [Fact]
    public void a_wait_that_runs_stays_as_long_as_it_was_and_ends_in_the_windows_of_the_new_version()
    {
        var stage = new Stage { Schedule = ScheduleText.Schedule("UTC", "mon tue wed thu fri 14:00-17:00") };
        var run = stage.Run(EnrollmentState.Active) with { Position = new(Phase.Waiting, Stage.Second.Id, DelayEnds: Now + Day, NextAt: Now + Day, DueAt: Now + Day) };

        var moved = Move(stage, run, Stage.First, Stage.Second with { Delay = new(9, DelayUnit.Days) });

        moved.Next.SequenceVersion.ShouldBe(2);
        moved.Next.Position.ShouldBe(new(Phase.Waiting, Stage.Second.Id, DelayEnds: Now + Day, NextAt: Now + Day + Duration.FromHours(5), DueAt: Now + Day + Duration.FromHours(5)));
        moved.Why.Sentence.ShouldBe("A user took this contact to version 2, where it goes on with step 2.");
    }

    [Fact]
    public void a_deleted_step_goes_on_with_the_next_that_survives_after_its_delay_and_its_task_closes()
    {
        var stage = new Stage();

        var moved = Move(stage, stage.Run(EnrollmentState.Pending), Stage.First, Stage.Second, Stage.Draft, Added, Stage.LastEmail);

        (moved.Next.State, moved.Next.Position.Step, moved.Next.NextAt).ShouldBe((EnrollmentState.Active, Stage.LastEmail.Id, Now + Day));
        moved.Effects.ShouldBe([new CloseTask(Stage.Task, TaskEnding.Closed)]);
        (moved.Why.Code, moved.Why.Sentence).ShouldBe(("step_removed", "Step 4 is not in version 2: this contact goes on with step 5 there."));
    }

    [Fact]
    public void a_step_added_at_the_end_reaches_whoever_waits_for_a_late_reply()
    {
        var stage = new Stage { Spot = Spot.LateReplyWait };

        var moved = Move(stage, stage.Run(EnrollmentState.Active), [.. stage.Sequence.Steps, Added]);

        (moved.Next.State, moved.Next.Position.Step, moved.Next.NextAt).ShouldBe((EnrollmentState.Active, Added.Id, Now + (Day * 3)));
    }

    [Fact]
    public void a_step_added_before_the_place_of_a_run_does_not_call_it_back()
    {
        var stage = new Stage { Spot = Spot.LateReplyWait };

        var moved = Move(stage, stage.Run(EnrollmentState.Active), [Added, .. stage.Sequence.Steps]);

        (moved.Next.Position.Step, moved.Next.NextAt).ShouldBe((null, Now));
    }

    [Fact]
    public void an_email_that_waits_in_the_outbox_for_a_deleted_step_is_taken_back()
    {
        var stage = new Stage { Spot = Spot.InFlight, Intent = IntentStage.Intended };

        Move(stage, stage.Run(EnrollmentState.Active), Stage.First, Stage.Draft).Effects.ShouldBe([new WithdrawEmail(Stage.Second.Id)]);
        Move(stage, stage.Run(EnrollmentState.Active), Stage.First, Stage.Second).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void a_step_that_became_something_else_asks_anew()
    {
        var stage = new Stage();

        var moved = Move(stage, stage.Run(EnrollmentState.Pending), Stage.First, Stage.Call with { Kind = StepKind.Email, Title = null, Email = new("Hello", "Text", null) });

        (moved.Next.State, moved.Next.Position.Step, moved.Next.NextAt).ShouldBe((EnrollmentState.Active, Stage.Call.Id, Now));
        moved.Effects.ShouldBe([new CloseTask(Stage.Task, TaskEnding.Withdrawn)]);
    }

    [Fact]
    public void a_lost_sender_is_lost_to_the_next_step_too()
    {
        var stage = new Stage { Cause = FailureCause.MailboxDisconnected };

        Move(stage, stage.Run(EnrollmentState.Failed), Stage.First, Stage.Draft).Next.Failure!.Cause.ShouldBe(FailureCause.MailboxDisconnected);
    }

    [Fact]
    public void a_run_of_that_version_stays_as_it_is()
    {
        var stage = new Stage();
        var run = stage.Run(EnrollmentState.Active) with { SequenceVersion = 2 };

        Move(stage, run, Stage.First).Kind.ShouldBe(TransitionKind.NoOp);
    }

    private static Transition Move(Stage stage, Enrollment run, params Step[] steps) =>
        EnrollmentMachine.Decide(run, stage.Sequence, stage.Facts(run.State), new MovedToVersion(Now, Stage.Ann, Stage.Version(2, steps)));
}
