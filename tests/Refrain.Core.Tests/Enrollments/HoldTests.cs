using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Tests.Schedules;

namespace Refrain.Core.Tests.Enrollments;

public sealed class HoldTests
{
    private static readonly Instant Now = Stage.Now;
    private static readonly Duration Day = Duration.FromDays(1);

    [Fact]
    public void a_pause_freezes_the_delay_and_not_the_window()
    {
        var stage = new Stage { Schedule = ScheduleText.Schedule("UTC", "mon tue wed thu fri 09:00-17:00") };
        var saturday = Now + (Day * 5);
        var run = stage.Run(EnrollmentState.Active) with { Position = new(Phase.Waiting, Stage.Second.Id, DelayEnds: saturday, NextAt: Now + (Day * 7), DueAt: Now + (Day * 7)) };
        var held = Decide(stage, run, new Paused(Now, Stage.Ann)).Next;
        held.Position.ShouldBe(new(Phase.Waiting, Stage.Second.Id, Remaining: Day * 5));
        var free = Decide(stage, held, new Resumed(Now + (Day * 1), Stage.Ann)).Next;
        free.Position.DelayEnds.ShouldBe(saturday + Day);
        free.Position.NextAt.ShouldBe(Now + (Day * 7));
    }

    [Fact]
    public void a_capped_run_gives_up_its_slot_and_stays_as_late_as_it_is()
    {
        var stage = new Stage { PendingSpot = Spot.Capped };
        var held = stage.Decide(EnrollmentState.Pending, new Paused(Now + Day, Stage.Ann)).Next;
        held.Position.ShouldBe(new(Phase.Waiting, Stage.Second.Id, Remaining: Duration.Zero, DueAt: Now));
        var free = Decide(stage, held, new Resumed(Now + (Day * 9), Stage.Ann)).Next;
        free.NextAt.ShouldBe(Now + (Day * 9));
        free.Position.DueAt.ShouldBe(Now);
    }

    [Fact]
    public void a_pause_takes_back_what_was_only_intended()
    {
        var transition = new Stage { Spot = Spot.InFlight, Intent = IntentStage.Intended }.Decide(EnrollmentState.Active, new Paused(Now, Stage.Ann));
        transition.Effects.ShouldBe([new WithdrawEmail(Stage.Second.Id)]);
        transition.Next.Position.Phase.ShouldBe(Phase.Waiting);
    }

    [Fact]
    public void what_was_handed_over_goes_on_beneath_a_pause_and_the_next_delay_starts_frozen()
    {
        var stage = new Stage { Spot = Spot.InFlight };
        var held = stage.Decide(EnrollmentState.Active, new Paused(Now, Stage.Ann));
        held.Effects.ShouldBeEmpty();
        held.Next.Position.Phase.ShouldBe(Phase.Sending);
        var sent = Decide(stage, held.Next, new MessageAccepted(Now + Day, Stage.Message, Stage.Second.Id, "250")).Next;
        (sent.State, sent.EmailsSent).ShouldBe((EnrollmentState.Paused, 2));
        sent.Position.ShouldBe(new(Phase.Waiting, Stage.Draft.Id, Remaining: Day));
        sent.Why.Code.ShouldBe("paused");
    }

    [Fact]
    public void a_deferral_beneath_a_hold_is_retried_after_the_hold()
    {
        var next = new Stage { Spot = Spot.InFlight }.Decide(EnrollmentState.Paused, new MessageDeferred(Now, Stage.Message, Stage.Second.Id, "451")).Next;
        (next.Position.Attempts, next.Position.Remaining).ShouldBe((1, Duration.FromMinutes(1)));
    }

    [Fact]
    public void run_at_overrides_the_wait_but_not_the_window()
    {
        var stage = new Stage { Schedule = ScheduleText.Schedule("UTC", "mon 09:00-17:00") };
        var run = stage.Run(EnrollmentState.Paused) with { Position = new(Phase.Waiting, Stage.Second.Id, Remaining: Day * 60) };
        Decide(stage, run, new Resumed(Now, Stage.Ann, Now + Duration.FromHours(2))).Next.NextAt.ShouldBe(Now + Duration.FromHours(2));
        Decide(stage, run, new Resumed(Now, Stage.Ann, Now + Day)).Next.NextAt.ShouldBe(Now + (Day * 7));
    }

    [Fact]
    public void a_run_that_can_never_go_on_is_taken_out_when_its_hold_is_left()
    {
        var stage = new Stage { Schedule = ScheduleText.Schedule("UTC", endsOn: "2027-01-05") };
        var run = stage.Run(EnrollmentState.Paused) with { Position = new(Phase.Waiting, Stage.Second.Id, Remaining: Day * 3) };
        var transition = Decide(stage, run, new Resumed(Now, Stage.Ann));
        transition.Next.State.ShouldBe(EnrollmentState.FinishedUnenrolled);
        transition.Why.Code.ShouldBe("end_date");
        transition.Effects.ShouldBe([new CloseTasks(RemindersToo: true)]);
    }

    [Fact]
    public void a_user_resumes_against_an_absence_and_is_told_so()
    {
        var stage = new Stage { AbsenceBeneath = new(Now, Now + Day) };
        stage.Decide(EnrollmentState.Paused, new Resumed(Now, Stage.Ann)).Why.Code.ShouldBe("resumed_despite_absence");
        (stage with { AbsenceBeneath = null }).Decide(EnrollmentState.Paused, new Resumed(Now, Stage.Ann)).Why.Code.ShouldBe("resumed");
    }

    [Fact]
    public void an_absence_that_ended_meanwhile_does_not_outlive_the_pause() =>
        new Stage { AbsenceBeneath = new(Now - Day, Now) }.Decide(EnrollmentState.Paused, new PauseEnded(Now)).Next.State.ShouldBe(EnrollmentState.Active);

    [Fact]
    public void an_out_of_office_answer_never_shortens_a_pause()
    {
        var pause = new Hold(Now, Now + (Day * 30));
        var next = new Stage { Pause = pause }.Decide(EnrollmentState.Paused, new AbsenceStarted(Now, Now + Day, Dated: true)).Next;
        (next.Pause, next.Absence, next.State).ShouldBe((pause, new(Now, Now + Day, Dated: true), EnrollmentState.Paused));
    }

    [Theory]
    [InlineData(3, false, 5, true, 5, true)]
    [InlineData(5, false, 3, true, 5, false)] // the later end stands
    [InlineData(3, true, 5, true, 5, true)]
    [InlineData(3, true, 5, false, 3, true)] // a guess never moves what was stated
    [InlineData(3, true, null, false, 3, true)]
    [InlineData(3, false, 5, false, 5, false)]
    [InlineData(5, false, 3, false, 5, false)]
    [InlineData(3, false, null, false, null, false)]
    [InlineData(null, false, 3, true, 3, true)] // a stated return ends a wait without end
    [InlineData(null, false, 3, false, null, false)]
    public void two_absences_become_one(int? known, bool knownDated, int? heard, bool heardDated, int? expected, bool dated)
    {
        var stage = new Stage { Absence = new(Now, In(known), knownDated) };
        var next = stage.Decide(EnrollmentState.PausedO3, new AbsenceStarted(Now, In(heard), heardDated)).Next;
        next.Absence.ShouldBe(new Hold(Now, In(expected), dated));
    }

    [Fact]
    public void a_pause_cannot_end_in_the_past() =>
        new Stage().Decide(EnrollmentState.Active, new Paused(Now, Stage.Ann, Now)).Why.Code.ShouldBe("date_passed");

    [Fact]
    public void a_pause_or_absence_ends_with_its_date_and_not_before()
    {
        var stage = new Stage { Pause = new(Now, Now + Day), Absence = new(Now, Now + Day) };
        stage.Decide(EnrollmentState.Paused, new PauseEnded(Now)).Kind.ShouldBe(TransitionKind.NoOp);
        stage.Decide(EnrollmentState.PausedO3, new AbsenceEnded(Now)).Kind.ShouldBe(TransitionKind.NoOp);
    }

    private static Instant? In(int? days) => days is { } count ? Now + (Day * count) : null;

    private static Transition Decide(Stage stage, Enrollment run, Signal signal) =>
        EnrollmentMachine.Decide(run, stage.Sequence, stage.Facts(run.State) with { Intent = run.Position.Phase == Phase.Sending ? stage.Intent : IntentStage.None }, signal);
}
