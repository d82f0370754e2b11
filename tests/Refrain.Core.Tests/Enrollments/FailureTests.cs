using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Sending;
using Refrain.Core.Tests.Schedules;

namespace Refrain.Core.Tests.Enrollments;

public sealed class FailureTests
{
    private static readonly Instant Now = Stage.Now;
    private static readonly Duration Day = Duration.FromDays(1);
    private static readonly Stage InFlight = new() { Spot = Spot.InFlight };
    private static readonly SoftBounced BounceOfFirst = new(Now, Stage.First.Id, FailureCause.Sender, "5.7.1 policy", Stage.Message);

    [Fact]
    public void a_deferral_is_retried_at_growing_distances_and_then_the_step_has_failed()
    {
        var run = InFlight.Run(EnrollmentState.Active);
        var at = Now;
        foreach (var delay in RetryDelays.All)
        {
            run = Decide(InFlight, run, new MessageDeferred(at, Stage.Message, Stage.Second.Id, "451 later")).Next;
            (run.State, run.NextAt, run.Why.Code).ShouldBe((EnrollmentState.Active, at + delay, "retrying"));
            at += delay;
            run = Decide(InFlight, run, new StepDue(at)).Next;
            run.Position.Phase.ShouldBe(Phase.Sending);
        }
        var spent = Decide(InFlight, run, new MessageDeferred(at, Stage.Message, Stage.Second.Id, "451 later"));
        (spent.Next.State, spent.Next.Failure!.Cause, spent.Next.Failure.Detail).ShouldBe((EnrollmentState.Failed, FailureCause.Delivery, "451 later"));
        spent.Effects.ShouldBeEmpty("every retry keeps its Message-ID");
    }

    [Fact]
    public void an_accepted_message_and_a_retry_by_a_user_start_counting_anew()
    {
        var run = InFlight.Run(EnrollmentState.Active);
        run = run with { Position = run.Position with { Attempts = 4 } };
        Decide(InFlight, run, new MessageAccepted(Now, Stage.Message, Stage.Second.Id, "250")).Next.Position.Attempts.ShouldBe(0);
        var failed = Decide(InFlight, run, new StepFailed(Now, Stage.Second.Id, FailureCause.Delivery, null, Stage.Message)).Next;
        Decide(InFlight, failed, new Retried(Now, Stage.Ann)).Next.Position.Attempts.ShouldBe(0);
    }

    [Fact]
    public void a_retry_waits_for_the_window()
    {
        var stage = InFlight with { Schedule = ScheduleText.Schedule("UTC", "daily 09:00-17:00") };
        var evening = Now + Duration.FromHours(8);
        stage.Decide(EnrollmentState.Active, new MessageDeferred(evening, Stage.Message, Stage.Second.Id, "451")).Next.NextAt.ShouldBe(Now + Day);
    }

    [Fact]
    public void a_soft_bounce_goes_back_to_its_step_and_the_task_since_comes_again()
    {
        var stage = new Stage { PendingSpot = Spot.OpenCall };
        var transition = stage.Decide(EnrollmentState.Pending, BounceOfFirst);
        transition.Effects.ShouldBe([new RenewMessageId(Stage.First.Id), new CloseTask(Stage.Task, TaskEnding.Withdrawn)]);
        transition.Next.Position.ShouldBe(new(Phase.Waiting, Stage.First.Id, Remaining: Duration.Zero, DueAt: Now));
        var again = Decide(stage, transition.Next, new Retried(Now + Day, Stage.Ann)).Next;
        (again.State, again.NextAt, again.Position.Step, again.Position.DueAt).ShouldBe((EnrollmentState.Active, Now + Day, Stage.First.Id, Now + Day));
    }

    [Fact]
    public void a_soft_bounce_takes_back_the_intent_made_since() =>
        (InFlight with { Intent = IntentStage.Intended }).Decide(EnrollmentState.Active, BounceOfFirst)
            .Effects.ShouldBe([new RenewMessageId(Stage.First.Id), new WithdrawEmail(Stage.Second.Id)]);

    [Fact]
    public void a_soft_bounce_that_a_later_message_has_overtaken_is_told_only() =>
        InFlight.Decide(EnrollmentState.Active, BounceOfFirst).Kind.ShouldBe(TransitionKind.Fact);

    [Theory]
    [InlineData(MessageFate.Open, IntentStage.Handed, false)]
    [InlineData(MessageFate.Unknown, IntentStage.None, false)]
    [InlineData(MessageFate.Again, IntentStage.None, true)]
    public void a_soft_bounce_after_the_end_does_not_go_back_behind_a_message_that_may_have_gone_out(MessageFate later, IntentStage intent, bool goesBack)
    {
        var facts = InFlight.Facts(EnrollmentState.FinishedNoReply) with { Fate = later, Intent = intent };
        var transition = EnrollmentMachine.Decide(InFlight.Run(EnrollmentState.FinishedNoReply), InFlight.Sequence, facts, BounceOfFirst);
        (transition.Kind, transition.Next.State).ShouldBe(goesBack
            ? (TransitionKind.Moved, EnrollmentState.Failed)
            : (TransitionKind.Fact, EnrollmentState.FinishedNoReply));
    }

    [Fact]
    public void a_soft_bounce_of_the_message_that_stands_fails_its_step()
    {
        var stage = new Stage { Standing = Stage.Message };
        stage.Decide(EnrollmentState.Active, BounceOfFirst with { Reported = Stage.Message }).Next.State.ShouldBe(EnrollmentState.Failed);
        (stage with { Standing = null }).Decide(EnrollmentState.Active, BounceOfFirst with { Reported = Stage.Message }).Kind.ShouldBe(TransitionKind.Fact);
        (stage with { Standing = null }).Decide(EnrollmentState.FinishedNoReply, BounceOfFirst with { Reported = Stage.Message }).Kind.ShouldBe(TransitionKind.Fact);
    }

    [Fact]
    public void a_refusal_of_the_old_address_settles_an_unknown_outcome_and_its_step_goes_to_the_new_one()
    {
        Contacts.EmailAddress.TryParse("old@theirs.test", out var old).ShouldBeTrue();
        Contacts.EmailAddress.TryParse("new@theirs.test", out var now).ShouldBeTrue();
        var stage = new Stage { Cause = FailureCause.OutcomeUnknown, Address = now };
        var transition = stage.Decide(EnrollmentState.Failed, new AddressRefused(Now, Stage.Message, Stage.Second.Id, old, "550 5.1.1"));
        (transition.Next.State, transition.Next.Position.Step, transition.Next.NextAt).ShouldBe((EnrollmentState.Active, Stage.Second.Id, Now));
        transition.Effects.ShouldBe([new MarkAddressBad(old, "550 5.1.1")]);
    }

    [Fact]
    public void a_definite_refusal_allows_a_new_message_id_and_a_missing_field_does_not()
    {
        InFlight.Decide(EnrollmentState.Active, new StepFailed(Now, Stage.Second.Id, FailureCause.Sender, null, Stage.Message)).Effects.ShouldBe([new RenewMessageId(Stage.Second.Id)]);
        new Stage().Decide(EnrollmentState.Active, new StepFailed(Now, Stage.Second.Id, FailureCause.MissingField, "company")).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void an_outcome_of_another_step_moves_nothing()
    {
        Signal[] late =
        [
            new MessageAccepted(Now, Stage.Message, Stage.First.Id, "250"), new MessageDeferred(Now, Stage.Message, Stage.First.Id, "451"),
            new MessageStopped(Now, Stage.Message, Stage.First.Id, "x"), new OutcomeLost(Now, Stage.Message, Stage.First.Id, "x"),
            new StepFailed(Now, Stage.First.Id, FailureCause.Delivery, null, Stage.Message),
        ];
        late.ShouldAllBe(signal => InFlight.Decide(EnrollmentState.Active, signal).Kind == TransitionKind.Fact);
    }

    [Fact]
    public void a_second_acceptance_of_the_same_message_moves_nothing()
    {
        var accepted = new MessageAccepted(Now, Stage.Message, Stage.Second.Id, "250");
        var once = InFlight.Decide(EnrollmentState.Active, accepted).Next;
        Decide(InFlight, once, accepted).Kind.ShouldBe(TransitionKind.Fact);
    }

    [Fact]
    public void a_missing_field_does_not_hide_an_unknown_outcome()
    {
        var stage = new Stage { Cause = FailureCause.OutcomeUnknown };
        stage.Decide(EnrollmentState.Failed, new StepFailed(Now, Stage.Second.Id, FailureCause.MissingField, "company")).Kind.ShouldBe(TransitionKind.Fact);
        stage.Decide(EnrollmentState.Failed, new StepFailed(Now, Stage.Second.Id, FailureCause.Delivery, "550", Stage.Message)).Next.Failure!.Cause.ShouldBe(FailureCause.Delivery);
    }

    [Fact]
    public void a_person_decides_about_an_unknown_outcome()
    {
        var stage = new Stage { Cause = FailureCause.OutcomeUnknown };
        stage.Decide(EnrollmentState.Failed, new Retried(Now, Stage.Ann)).Why.Code.ShouldBe("unknown_needs_decision");
        var resend = stage.Decide(EnrollmentState.Failed, new Retried(Now, Stage.Ann, UnknownResolution.Resend));
        (resend.Next.NextAt, resend.Next.Position.Step).ShouldBe((Now, Stage.Second.Id));
        resend.Effects.ShouldBeEmpty("a resend keeps its Message-ID");
        var delivered = stage.Decide(EnrollmentState.Failed, new Retried(Now, Stage.Ann, UnknownResolution.Delivered));
        (delivered.Next.Position.Step, delivered.Next.EmailsSent).ShouldBe((Stage.Draft.Id, 2));
        delivered.Effects.ShouldBe([new SettleAsAccepted(Stage.Second.Id)]);
    }

    [Fact]
    public void the_mailbox_comes_back_and_the_step_is_as_late_as_the_outage()
    {
        var stage = new Stage();
        var lost = stage.Decide(EnrollmentState.Active, new SenderLost(Now, FailureCause.MailboxDisconnected, "unreadable")).Next;
        lost.WaitsFor.ShouldBe(Wait.Sender);
        Decide(stage, lost, new SenderBack(Now, FailureCause.UserDeactivated)).Kind.ShouldBe(TransitionKind.NoOp);
        var back = Decide(stage, lost, new SenderBack(Now + (Day * 9), FailureCause.MailboxDisconnected)).Next;
        (back.State, back.NextAt, back.Position.DueAt).ShouldBe((EnrollmentState.Active, Now + (Day * 9), Now));
    }

    [Fact]
    public void a_step_that_is_not_due_does_not_fail_with_its_mailbox()
    {
        var run = new Stage().Run(EnrollmentState.Active);
        var waiting = run with { Position = run.Position with { DelayEnds = Now + Day, NextAt = Now + Day } };
        Decide(new(), waiting, new SenderLost(Now, FailureCause.MailboxDisconnected, null)).Kind.ShouldBe(TransitionKind.NoOp);
    }

    [Fact]
    public void what_the_last_check_stopped_is_due_again()
    {
        var next = InFlight.Decide(EnrollmentState.Active, new MessageStopped(Now, Stage.Message, Stage.Second.Id, "held")).Next;
        (next.NextAt, next.Position.Phase).ShouldBe((Now, Phase.Waiting));
    }

    [Fact]
    public void a_verdict_of_silence_is_reopened_at_the_failed_step()
    {
        var run = new Stage().Run(EnrollmentState.FinishedNoReply) with { Pause = new(Now, null) };
        var transition = Decide(new(), run, BounceOfFirst);
        (transition.Next.State, transition.Next.Position.Step, transition.Next.Pause).ShouldBe((EnrollmentState.Failed, Stage.First.Id, null));
        transition.Next.Verdict.ShouldBeNull();
    }

    [Fact]
    public void leaving_a_hold_names_the_failure_beneath()
    {
        var why = new Stage { CauseBeneath = FailureCause.MissingField }.Decide(EnrollmentState.Paused, new Resumed(Now, Stage.Ann)).Why;
        (why.Code, why.Arguments["cause"]).ShouldBe(("resumed", "missing_field"));
        why.Sentence.ShouldContain("merge field");
    }

    private static Transition Decide(Stage stage, Enrollment run, Signal signal) =>
        EnrollmentMachine.Decide(run, stage.Sequence, stage.Facts(run.State) with { Intent = run.Position.Phase == Phase.Sending ? stage.Intent : IntentStage.None }, signal);
}
