using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Core.Sending;
using Refrain.Core.Tests.Enrollments;
using Refrain.Core.Tests.Schedules;

namespace Refrain.Core.Tests.Sending;

public sealed class SendGatesTests
{
    private static readonly Instant Now = Stage.Now;
    private static readonly Duration Hour = Duration.FromHours(1);
    private static readonly CapUse Full = new("mailbox_daily", 50, 50, Now + (Hour * 5));

    private static readonly GateFacts Clear = new(
        Now, Now - Hour, new Stage().Run(EnrollmentState.Active), Stage.Second, Stage.Always, OptedOut: false, SuppressedBy: null, PredecessorDelivered: true,
        SequencePausedSince: null, FullCaps: [], GapUntil: null, MailboxHealth.Healthy, HealthReason: null, HealthSince: null, InboxReadAt: Now, Manual: false);

    private static readonly GateFacts Blocked = Clear with
    {
        OptedOut = true, Enrollment = new Stage().Run(EnrollmentState.FinishedReplied), PredecessorDelivered = false, SequencePausedSince = Now - Hour,
        Schedule = ScheduleText.Schedule("UTC", "sun 09:00-10:00", endsOn: "2026-12-31"), FullCaps = [Full], Health = MailboxHealth.Unhealthy, InboxReadAt = null,
    };

    [Fact]
    public void a_message_passes_when_every_gate_passes()
    {
        var results = SendGates.Evaluate(Clear);
        results.ShouldAllBe(result => result.Verdict == GateVerdict.Pass);
        SendGates.Blocking(results).ShouldBeNull();
    }

    [Fact]
    public void all_gates_answer_in_their_order_also_behind_the_one_that_blocks()
    {
        var results = SendGates.Evaluate(Blocked);
        results.Select(result => result.Gate).ShouldBe(Enum.GetValues<Gate>());
        results.ShouldAllBe(result => result.Verdict != GateVerdict.Pass);
    }

    [Fact]
    public void the_first_gate_that_does_not_pass_decides()
    {
        var facts = Blocked;
        Block(facts).ShouldBe((Gate.Suppression, GateVerdict.Stop, "opted_out"));
        Block(facts = facts with { OptedOut = false, SuppressedBy = "theirs.test" }).ShouldBe((Gate.Suppression, GateVerdict.Stop, "suppressed"));
        Block(facts = facts with { SuppressedBy = null }).ShouldBe((Gate.State, GateVerdict.Stop, "before"));
        Block(facts = facts with { Enrollment = Clear.Enrollment }).ShouldBe((Gate.Predecessor, GateVerdict.Hold, "predecessor_not_settled"));
        Block(facts = facts with { PredecessorDelivered = true }).ShouldBe((Gate.SequencePaused, GateVerdict.Hold, "sequence_paused"));
        Block(facts = facts with { SequencePausedSince = null }).ShouldBe((Gate.EndDate, GateVerdict.Stop, "ended"));
        Block(facts = facts with { Schedule = ScheduleText.Schedule("UTC", "sun 09:00-10:00") }).ShouldBe((Gate.Window, GateVerdict.Hold, "window_shut"));
        Block(facts = facts with { Schedule = Stage.Always }).ShouldBe((Gate.Throttle, GateVerdict.Hold, "cap_full"));
        Block(facts = facts with { FullCaps = [] }).ShouldBe((Gate.MailboxHealth, GateVerdict.Hold, "mailbox_unhealthy"));
        Block(facts with { Health = MailboxHealth.Healthy }).ShouldBe((Gate.InboxFresh, GateVerdict.Hold, "inbox_not_fresh"));
    }

    [Theory]
    [InlineData(EnrollmentState.Paused)]
    [InlineData(EnrollmentState.PausedO3)]
    [InlineData(EnrollmentState.Failed)]
    [InlineData(EnrollmentState.Pending)]
    public void a_held_run_says_why_since_when_and_until_when(EnrollmentState state)
    {
        var run = new Stage { Pause = new(Now, Now + Hour), Absence = new(Now, Now + Hour) }.Run(state);
        var result = SendGates.Blocking(SendGates.Evaluate(Clear with { Enrollment = run }));
        result.ShouldBe(new(Gate.State, GateVerdict.Hold, run.Why, run.Since, state is EnrollmentState.Paused or EnrollmentState.PausedO3 ? Now + Hour : null));
    }

    [Fact]
    public void a_step_that_is_not_due_waits_for_its_time()
    {
        var result = SendGates.Blocking(SendGates.Evaluate(Clear with { DueAt = Now + Hour }))!;
        (result.Gate, result.Why.Code, result.Until).ShouldBe((Gate.State, "not_due", Now + Hour));
    }

    [Fact]
    public void a_used_up_cap_is_the_throttles_to_explain()
    {
        var capped = Clear with { Enrollment = new Stage { PendingSpot = Spot.Capped }.Run(EnrollmentState.Pending), FullCaps = [Full, Full with { Name = "user_daily", ReleaseAt = Now + (Hour * 9) }] };
        var result = SendGates.Blocking(SendGates.Evaluate(capped))!;
        (result.Gate, result.Until, result.Since, result.Why.Arguments["use"]).ShouldBe((Gate.Throttle, Now + (Hour * 9), capped.Enrollment.Since, "50 of 50"));
    }

    [Fact]
    public void a_gap_is_a_planned_time()
    {
        var result = SendGates.Blocking(SendGates.Evaluate(Clear with { GapUntil = Now + Hour }))!;
        (result.Gate, result.Why.Code, result.Until).ShouldBe((Gate.Throttle, "gap", Now + Hour));
        SendGates.Blocking(SendGates.Evaluate(Clear with { GapUntil = Now })).ShouldBeNull();
    }

    [Fact]
    public void what_a_person_sends_is_only_warned_about_caps_and_windows()
    {
        var manual = Clear with
        {
            Manual = true, Enrollment = new Stage { PendingSpot = Spot.OpenDraft }.Run(EnrollmentState.Pending), FullCaps = [Full], GapUntil = Now + Hour,
            Schedule = ScheduleText.Schedule("UTC", "sun 09:00-10:00"),
        };
        var results = SendGates.Evaluate(manual);
        SendGates.Blocking(results).ShouldBeNull();
        results.Single(result => result.Gate == Gate.Throttle).Why.Code.ShouldBe("cap_exceeded_by_hand");
        Block(manual with { InboxReadAt = null }).ShouldBe((Gate.InboxFresh, GateVerdict.Hold, "inbox_not_fresh"));
        Block(manual with { OptedOut = true }).ShouldBe((Gate.Suppression, GateVerdict.Stop, "opted_out"));
        Block(manual with { Schedule = ScheduleText.Schedule("UTC", endsOn: "2026-12-31") }).ShouldBe((Gate.EndDate, GateVerdict.Stop, "ended"));
    }

    [Fact]
    public void an_overdue_step_with_a_time_of_day_goes_in_its_window_or_at_its_time_on_the_next_open_day()
    {
        var step = Stage.Second with { At = new(9, 30) };
        var facts = Clear with { Step = step, Schedule = ScheduleText.Schedule("UTC", "mon tue 09:00-17:00") };
        SendGates.Blocking(SendGates.Evaluate(facts with { Now = Now + (Hour * 2) })).ShouldBeNull();
        SendGates.Blocking(SendGates.Evaluate(facts with { Now = Now + (Hour * 10) }))!.Until.ShouldBe(Now + Duration.FromMinutes(30) + Duration.FromDays(1));
    }

    [Theory]
    [InlineData(-61, false)]
    [InlineData(-60, true)]
    [InlineData(0, true)]
    public void the_inbox_is_fresh_when_its_read_began_after_the_step_came_due(int minutes, bool fresh) =>
        (SendGates.Blocking(SendGates.Evaluate(Clear with { InboxReadAt = Now + Duration.FromMinutes(minutes) })) is null).ShouldBe(fresh);

    private static (Gate Gate, GateVerdict Verdict, string Code) Block(GateFacts facts)
    {
        var result = SendGates.Blocking(SendGates.Evaluate(facts))!;
        return (result.Gate, result.Verdict, result.Why.Code);
    }
}
