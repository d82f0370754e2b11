using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;

namespace Refrain.Core.Tests.Enrollments;

public sealed class GuardTests
{
    private static readonly Instant Now = Stage.Now;
    private static readonly Sequence Sequence = new Stage().Sequence;
    private static readonly Sequence TasksOnly = Sequence with { Steps = [Stage.Call, Stage.Reminder] };
    private static readonly GuardFacts Nothing = new(Stage.Always, false, false, null, 0, [], [], true, [], null);
    private static readonly OpenRun Here = new(EnrollmentId.New(), Sequence.Id, "Intro", true);
    private static readonly OpenRun Strict = new(EnrollmentId.New(), SequenceId.New(), "Renewals", true);
    private static readonly OpenRun Lax = new(EnrollmentId.New(), SequenceId.New(), "News", false);

    private static readonly GuardFacts Everything = new(
        new(DateTimeZone.Utc, [], false, [], new LocalDate(2026, 12, 31), DateTimeZone.Utc), true, true, "theirs.test", 1, [Here], [Strict], false, ["company"], null);

    [Fact]
    public void who_meets_no_guard_is_active_and_the_first_step_has_its_time()
    {
        var admission = Admit(Sequence, Nothing);
        admission.Hits.ShouldBeEmpty();
        (admission.Enrollment.State, admission.Enrollment.NextAt, admission.Enrollment.Rejected, admission.Enrollment.Why.Code).ShouldBe((EnrollmentState.Active, Now, false, "enrolled"));
    }

    [Fact]
    public void the_guards_stand_in_their_order_and_all_that_object_are_told()
    {
        var admission = Admit(Sequence, Everything);
        admission.Hits.Select(hit => hit.Guard).ShouldBe(Enum.GetValues<Guard>());
        (admission.Enrollment.State, admission.Enrollment.Rejected).ShouldBe((EnrollmentState.FinishedOptOut, true));
        admission.Enrollment.Why.ShouldBe(admission.Hits[0].Why);
    }

    [Fact]
    public void the_first_guard_that_objects_gives_the_state()
    {
        var facts = Everything;
        State(facts).ShouldBe((EnrollmentState.FinishedOptOut, "opted_out_before"));
        State(facts = facts with { OptedOut = false }).ShouldBe((EnrollmentState.FinishedBounced, "known_bad_address"));
        State(facts = facts with { AddressKnownBad = false }).ShouldBe((EnrollmentState.FinishedOptOut, "suppressed"));
        State(facts = facts with { SuppressedBy = null }).ShouldBe((EnrollmentState.AlreadyEnrolled, "already_enrolled"));
        State(facts = facts with { OpenHere = [] }).ShouldBe((EnrollmentState.OtherEnrolled, "other_enrolled"));
        State(facts = facts with { OpenElsewhere = [] }).ShouldBe((EnrollmentState.FinishedUnenrolled, "end_date"));
        State(facts = facts with { Schedule = Stage.Always }).ShouldBe((EnrollmentState.Failed, "no_address"));
        State(facts = facts with { HasAddress = true }).ShouldBe((EnrollmentState.Failed, "missing_field"));
        State(facts with { MissingFields = [] }).ShouldBe((EnrollmentState.Active, "enrolled"));
    }

    [Fact]
    public void a_rejected_row_runs_nothing()
    {
        var run = Admit(Sequence, Everything with { Absence = new(Now, null) }).Enrollment;
        (run.IsOpen, run.NextAt, run.WaitsFor, run.Absence, run.Failure).ShouldBe((false, null, null, null, null));
        run.Position.Remaining.ShouldNotBeNull();
    }

    [Fact]
    public void a_missing_field_is_named_and_the_run_goes_on_when_it_is_filled()
    {
        var admission = Admit(Sequence with { Steps = [Stage.Second] }, Nothing with { MissingFields = ["company", "title"] });
        var run = admission.Enrollment;
        (run.Rejected, run.Failure).ShouldBe((false, new(FailureCause.MissingField, "company, title", Now)));
        run.Why.Sentence.ShouldContain("company, title");
        var filled = Now + Duration.FromHours(1);
        var next = EnrollmentMachine.Decide(
            run, Sequence, new(Stage.Always, IntentStage.None, null, true), new CauseCleared(filled, Actor.Engine, FailureCause.MissingField)).Next;
        (next.State, next.NextAt).ShouldBe((EnrollmentState.Active, filled + Duration.FromDays(2)));
    }

    [Fact]
    public void guards_about_email_matter_only_where_there_is_email()
    {
        var admission = Admit(TasksOnly, Nothing with { AddressKnownBad = true, SuppressedBy = "theirs.test", HasAddress = false, MissingFields = ["company"] });
        admission.Hits.ShouldBeEmpty();
        State(Nothing with { OptedOut = true }, TasksOnly).State.ShouldBe(EnrollmentState.FinishedOptOut);
    }

    [Theory]
    [InlineData(ReaddRule.Once, 0, false, EnrollmentState.Active)]
    [InlineData(ReaddRule.Once, 1, false, EnrollmentState.AlreadyEnrolled)]
    [InlineData(ReaddRule.Once, 1, true, EnrollmentState.AlreadyEnrolled)]
    [InlineData(ReaddRule.WhenNotActive, 7, false, EnrollmentState.Active)]
    [InlineData(ReaddRule.WhenNotActive, 1, true, EnrollmentState.AlreadyEnrolled)]
    [InlineData(ReaddRule.Any, 7, true, EnrollmentState.Active)]
    public void the_readd_rule_looks_at_this_sequence(ReaddRule rule, int earlier, bool open, EnrollmentState state)
    {
        var sequence = Sequence with { Settings = new() { Readd = rule } };
        var admission = Admit(sequence, Nothing with { EarlierRuns = earlier, OpenHere = open ? [Here] : [] });
        admission.Enrollment.State.ShouldBe(state);
        admission.Enrollment.Why.Arguments.GetValueOrDefault("blocking").ShouldBe(state == EnrollmentState.AlreadyEnrolled && open ? Here.Id.ToString() : null);
    }

    [Fact]
    public void one_at_a_time_binds_both_ways_and_names_what_blocks()
    {
        var lax = Sequence with { Settings = new() { OneAtATime = false } };
        State(Nothing with { OpenElsewhere = [Lax] }).State.ShouldBe(EnrollmentState.OtherEnrolled);
        State(Nothing with { OpenElsewhere = [Lax] }, lax).State.ShouldBe(EnrollmentState.Active);
        State(Nothing with { OpenElsewhere = [Strict] }, lax).State.ShouldBe(EnrollmentState.OtherEnrolled);
        var why = Admit(lax, Nothing with { OpenElsewhere = [Lax, Strict] }).Enrollment.Why;
        why.Arguments["blocking"].ShouldBe(Strict.Id.ToString());
        why.Sentence.ShouldContain("Renewals");
    }

    [Fact]
    public void one_at_a_time_looks_at_other_sequences_only() =>
        State(Nothing with { OpenHere = [Here] }, Sequence with { Settings = new() { Readd = ReaddRule.Any } }).State.ShouldBe(EnrollmentState.Active);

    [Fact]
    public void a_contact_known_to_be_away_starts_held_and_keeps_his_whole_wait()
    {
        var facts = Nothing with { Absence = new(Now - Duration.FromDays(1), Now + Duration.FromDays(3), Dated: true) };
        var away = Admit(Sequence with { Steps = [Stage.Second] }, facts).Enrollment;
        (away.State, away.NextAt, away.Position.Remaining).ShouldBe((EnrollmentState.PausedO3, Now + Duration.FromDays(3), Duration.FromDays(2)));
        State(facts, Sequence with { Settings = new() { PauseOnOutOfOffice = false } }).State.ShouldBe(EnrollmentState.Active);
        State(Nothing with { Absence = new(Now, Now) }).State.ShouldBe(EnrollmentState.Active);
    }

    [Fact]
    public void a_run_starts_at_the_chosen_step()
    {
        Admit(Sequence, Nothing, startAt: 4).Enrollment.Position.Step.ShouldBe(Stage.Call.Id);
        Should.Throw<ArgumentOutOfRangeException>(() => Admit(Sequence, Nothing, startAt: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Admit(Sequence, Nothing, startAt: 99));
    }

    private static (EnrollmentState State, string Code) State(GuardFacts facts, Sequence? sequence = null)
    {
        var run = Admit(sequence ?? Sequence, facts).Enrollment;
        return (run.State, run.Why.Code);
    }

    private static Admission Admit(Sequence sequence, GuardFacts facts, int startAt = 1) => EnrollmentGuards.Admit(
        new(EnrollmentId.New(), WorkspaceId.New(), 0, UserId.New(), ContactId.New(), MailboxId.New(), startAt, Now, Stage.Ann), sequence, facts);
}
