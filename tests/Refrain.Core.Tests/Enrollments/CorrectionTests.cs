using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>What a misread message did is taken back.</summary>
public sealed class CorrectionTests
{
    private static readonly Duration Day = Duration.FromDays(1);

    [Fact]
    public void the_wait_that_remained_runs_from_the_correction()
    {
        var before = Waiting(Stage.Now + 2 * Day);
        var transition = Correct(before, EnrollmentState.FinishedReplied, doneAt: Stage.Now - 5 * Day);

        transition.Next.State.ShouldBe(EnrollmentState.Active);
        transition.Next.Position.Step.ShouldBe(Stage.Second.Id);
        transition.Next.NextAt.ShouldBe(Stage.Now + 7 * Day);
        transition.Why.Code.ShouldBe("corrected");
    }

    [Fact]
    public void an_opt_out_that_came_later_wins()
    {
        var transition = Correct(Waiting(Stage.Now), EnrollmentState.FinishedReplied, overtaken: EnrollmentState.Unsubscribed);
        transition.Next.State.ShouldBe(EnrollmentState.Unsubscribed);
        transition.Why.Code.ShouldBe("corrected_but_overtaken");
        Correct(Waiting(Stage.Now), EnrollmentState.Unsubscribed, overtaken: EnrollmentState.Unsubscribed).Kind.ShouldBe(TransitionKind.Fact);
    }

    [Fact]
    public void the_verdict_of_silence_comes_back() =>
        Correct(Waiting(Stage.Now) with { Verdict = EnrollmentState.FinishedNoReply }, EnrollmentState.FinishedReplied).Next.State.ShouldBe(EnrollmentState.FinishedNoReply);

    [Fact]
    public void a_refusal_names_the_run_that_is_in_the_way()
    {
        var blocking = EnrollmentId.New();
        var transition = Correct(Waiting(Stage.Now), EnrollmentState.FinishedReplied, facts: facts => facts with { MayBeOpen = false, BlockedBy = blocking });
        transition.Kind.ShouldBe(TransitionKind.Refused);
        transition.Why.Arguments["blocking"].ShouldBe(blocking.ToString());
    }

    [Fact]
    public void an_end_of_another_kind_is_corrected_though_another_run_is_open() =>
        Correct(Waiting(Stage.Now), EnrollmentState.Unsubscribed, reading: InboundClass.Reply, facts: facts => facts with { MayBeOpen = false }).Kind.ShouldBe(TransitionKind.Moved);

    [Fact]
    public void what_covered_the_run_covers_it_again_if_it_lasts()
    {
        var absence = new Hold(Stage.Now - 9 * Day, Stage.Now + Day);
        Correct(Waiting(null) with { Absence = absence }, EnrollmentState.FinishedReplied).Next.State.ShouldBe(EnrollmentState.PausedO3);
        Correct(Waiting(null) with { Absence = absence with { Until = Stage.Now } }, EnrollmentState.FinishedReplied).Next.State.ShouldBe(EnrollmentState.Active);
        Correct(Waiting(null) with { Pause = new(Stage.Now - Day, null) }, EnrollmentState.FinishedReplied).Next.State.ShouldBe(EnrollmentState.Paused);
        var failed = Correct(Waiting(null) with { Failure = new(FailureCause.Delivery, null, Stage.Now) }, EnrollmentState.FinishedReplied).Next;
        failed.State.ShouldBe(EnrollmentState.Failed);
    }

    [Fact]
    public void an_open_task_is_open_again()
    {
        var place = new Position(Phase.AtTask, Stage.Call.Id, Task: Stage.Task, DueAt: Stage.Now);
        var transition = Correct(Waiting(null) with { Position = place }, EnrollmentState.FinishedReplied);
        transition.Next.State.ShouldBe(EnrollmentState.Pending);
        transition.Next.Position.Task.ShouldBe(Stage.Task);
        transition.Effects.ShouldContain(new ReopenTasks(Stage.Now - Day, Stage.Task));
    }

    [Theory]
    [InlineData(MessageFate.Accepted, EnrollmentState.Active, 2)]
    [InlineData(MessageFate.Unknown, EnrollmentState.Failed, 1)]
    [InlineData(MessageFate.Refused, EnrollmentState.Failed, 1)]
    [InlineData(MessageFate.Again, EnrollmentState.Active, 1)]
    public void a_message_that_was_in_flight_is_not_sent_twice(MessageFate fate, EnrollmentState state, int sent)
    {
        var place = new Position(Phase.Sending, Stage.Second.Id, DueAt: Stage.Now);
        var next = Correct(Waiting(null) with { Position = place }, EnrollmentState.FinishedReplied, facts: facts => facts with { Fate = fate }).Next;
        (next.State, next.EmailsSent).ShouldBe((state, sent));
        next.Position.Step.ShouldBe(fate == MessageFate.Accepted ? Stage.Draft.Id : Stage.Second.Id);
        if (fate == MessageFate.Unknown) next.Failure!.Cause.ShouldBe(FailureCause.OutcomeUnknown);
    }

    [Fact]
    public void what_a_user_resumed_is_not_held_again()
    {
        var before = Waiting(Stage.Now) with { Absence = new(Stage.Now - Day, Stage.Now + Day) };
        var undo = new Undo(SignalKind.AbsenceStarted, Stage.Now - Day, EnrollmentState.PausedO3, before);
        new Stage().Decide(EnrollmentState.Active, Of(undo)).Kind.ShouldBe(TransitionKind.Fact);
    }

    private static Layers Waiting(Instant? until) => new(null, null, null, null, new(Phase.Waiting, Stage.Second.Id, DelayEnds: until, NextAt: until, Remaining: until is null ? Day : null));

    private static Corrected Of(Undo undo, InboundClass reading = InboundClass.Other, EnrollmentState? overtaken = null) =>
        new(Stage.Now, Stage.Ann, Stage.Message, InboundClass.Reply, reading, undo, overtaken);

    private static Transition Correct(
        Layers before, EnrollmentState made, Instant? doneAt = null, EnrollmentState? overtaken = null, InboundClass reading = InboundClass.Other, Func<Facts, Facts>? facts = null)
    {
        var stage = new Stage();
        var signal = Of(new(SignalKind.Replied, doneAt ?? Stage.Now - Day, made, before), reading, overtaken);
        var known = stage.Facts(made);
        return EnrollmentMachine.Decide(stage.Run(made), stage.Sequence, facts?.Invoke(known) ?? known, signal);
    }
}
