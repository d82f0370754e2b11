using NodaTime;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;

namespace Refrain.Core.Tests.Enrollments;

public sealed class ExitTests
{
    private static readonly Instant Now = Stage.Now;
    private static readonly Duration Day = Duration.FromDays(1);
    private static readonly Stage Last = new() { Spot = Spot.LastInFlight };
    private static readonly MessageAccepted LastSent = new(Now, Stage.Message, Stage.LastEmail.Id, "250");

    [Fact]
    public void a_stop_takes_back_the_intent_and_closes_the_tasks()
    {
        var stage = new Stage { Spot = Spot.InFlight, Intent = IntentStage.Intended };
        stage.Decide(EnrollmentState.Active, new Replied(Now, true)).Effects.ShouldBe([new WithdrawEmail(Stage.Second.Id), new CloseTasks(RemindersToo: true)]);
        new Stage().Decide(EnrollmentState.Pending, new Removed(Now, Stage.Ann, RemovalRule.User)).Effects.ShouldBe([new CloseTasks(RemindersToo: true)]);
    }

    [Fact]
    public void what_was_handed_over_is_not_taken_back() =>
        new Stage { Spot = Spot.InFlight }.Decide(EnrollmentState.Active, new Replied(Now, true)).Effects.ShouldBe([new CloseTasks(RemindersToo: true)]);

    [Fact]
    public void reminders_outlive_a_run_that_nobody_stopped()
    {
        new Stage().Decide(EnrollmentState.Active, new MarkedNoReply(Now, Stage.Ann)).Effects.ShouldBe([new CloseTasks(RemindersToo: false)]);
        Last.Decide(EnrollmentState.Active, LastSent).Effects.ShouldBe([new CloseTasks(RemindersToo: false)]);
        new Stage().Decide(EnrollmentState.FinishedNoReply, new OptedOut(Now, Actor.Contact, OptOutSource.Link, true)).Effects
            .ShouldBe([new OptOutContact(OptOutSource.Link), new CloseTasks(RemindersToo: true)]);
    }

    [Fact]
    public void the_wait_that_remained_stands_in_the_closed_run()
    {
        var run = new Stage().Run(EnrollmentState.Active);
        run = run with { Position = run.Position with { DelayEnds = Now + Day, NextAt = Now + (Day * 2), DueAt = Now + (Day * 2) } };
        var closed = EnrollmentMachine.Decide(run, new Stage().Sequence, new Stage().Facts(EnrollmentState.Active), new Replied(Now, true)).Next;
        closed.Position.ShouldBe(new(Phase.Waiting, Stage.Second.Id, Remaining: Day));
    }

    [Fact]
    public void a_bad_address_is_marked_also_when_the_run_is_closed()
    {
        EmailAddress.TryParse("kim@theirs.test", out var kim).ShouldBeTrue();
        var bounce = new HardBounced(Now, kim, "no such user", OfOwnMessage: false);
        foreach (var state in EnrollmentStates.All)
            new Stage().Decide(state, bounce).Effects.ShouldContain(new MarkAddressBad(kim, "no such user"), state.ToString());
    }

    [Fact]
    public void an_opt_out_is_heard_also_when_the_run_is_closed()
    {
        foreach (var state in EnrollmentStates.All)
            new Stage().Decide(state, new OptedOut(Now, Actor.Contact, OptOutSource.OneClick, OwnMessage: false)).Effects.ShouldContain(new OptOutContact(OptOutSource.OneClick), state.ToString());
    }

    [Fact]
    public void a_late_reply_is_waited_for_and_the_wait_is_frozen_by_a_hold()
    {
        var stage = Last with { Settings = new() { LateReplyWait = new(3, DelayUnit.Days) } };
        var waits = stage.Decide(EnrollmentState.Active, LastSent).Next;
        (waits.State, waits.Position).ShouldBe((EnrollmentState.Active, new Position(Phase.Waiting, null, DelayEnds: Now + (Day * 3), NextAt: Now + (Day * 3))));
        var held = Decide(stage, waits, new Paused(Now + Day, Stage.Ann)).Next;
        Decide(stage, held, new LateReplyWaitEnded(Now + (Day * 9))).Kind.ShouldBe(TransitionKind.NoOp);
        var free = Decide(stage, held, new Resumed(Now + (Day * 9), Stage.Ann)).Next;
        free.NextAt.ShouldBe(Now + (Day * 11));
        Decide(stage, free, new LateReplyWaitEnded(Now + (Day * 10))).Kind.ShouldBe(TransitionKind.NoOp);
        Decide(stage, free, new LateReplyWaitEnded(Now + (Day * 11))).Next.State.ShouldBe(EnrollmentState.FinishedNoReply);
    }

    [Fact]
    public void a_held_run_finishes_when_its_hold_is_left()
    {
        var held = Last.Decide(EnrollmentState.Paused, LastSent).Next;
        held.State.ShouldBe(EnrollmentState.Paused);
        var left = Decide(Last, held, new Resumed(Now, Stage.Ann));
        (left.Next.State, left.Why.Code).ShouldBe((EnrollmentState.FinishedNoReply, "finished_no_reply"));
    }

    [Fact]
    public void no_reply_needs_a_message_and_a_sequence_that_stops_on_replies()
    {
        (Last with { Settings = new() { StopOnReply = false } }).Decide(EnrollmentState.Active, LastSent).Next.State.ShouldBe(EnrollmentState.Finished);
        var stage = new Stage { PendingSpot = Spot.LastOpenCall };
        var mute = stage.Run(EnrollmentState.Pending) with { EmailsSent = 0 };
        EnrollmentMachine.Decide(mute, stage.Sequence, stage.Facts(EnrollmentState.Pending) with { LatestSentStep = null }, new TaskCompleted(Now, Stage.Ann, Stage.Task))
            .Next.State.ShouldBe(EnrollmentState.Finished);
    }

    [Fact]
    public void a_next_step_after_the_end_date_takes_the_contact_out()
    {
        var stage = new Stage { Spot = Spot.InFlight, Schedule = new(DateTimeZone.Utc, [], false, [], new LocalDate(2027, 1, 4), DateTimeZone.Utc) };
        var transition = stage.Decide(EnrollmentState.Active, new MessageAccepted(Now, Stage.Message, Stage.Second.Id, "250"));
        (transition.Next.State, transition.Why.Code, transition.Next.EmailsSent).ShouldBe((EnrollmentState.FinishedUnenrolled, "end_date", 2));
    }

    [Fact]
    public void a_complaint_has_a_code_of_its_own() =>
        new Stage().Decide(EnrollmentState.Active, new OptedOut(Now, Actor.Contact, OptOutSource.Complaint, true)).Why.Code.ShouldBe("complaint");

    private static Transition Decide(Stage stage, Enrollment run, Signal signal) => EnrollmentMachine.Decide(run, stage.Sequence, stage.Facts(run.State) with { Intent = IntentStage.None }, signal);
}
