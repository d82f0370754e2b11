using NodaTime;
using Refrain.Core.Forecasts;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Forecasts;

public sealed class ForecasterTests
{
    private static readonly Instant Monday = At("2027-01-04T00:00Z");
    private static readonly Duration Day = Duration.FromHours(24);

    [Fact]
    public void a_cap_spreads_contacts_over_days()
    {
        var forecast = Run(Emails(1), Schedule("UTC"), new(Daily: 120), 10_000);
        forecast.Days.Count.ShouldBe(84);
        forecast.Days[0].ShouldBe(new(Date("2027-01-04"), 120, 9_880));
        // A slot comes back a minute after its day, so that a day sees one less now and then.
        forecast.Days.Take(83).ShouldAllBe(day => day.Sent == 120 || day.Sent == 119);
        forecast.Days[^1].ShouldBe(new(Date("2027-03-28"), 46, 0));
        forecast.Obstacles.ShouldBeEmpty();
    }

    [Fact]
    public void follow_ups_share_the_cap_and_first_steps_keep_a_third()
    {
        var forecast = Run(Emails(5), Schedule("UTC", "mon tue wed thu fri 09:00-17:00"), new(Daily: 30), 300);
        forecast.Days.Sum(day => day.Sent).ShouldBe(1_500);
        forecast.Days.ShouldAllBe(day => day.Sent <= 30);
        forecast.Days.Where(day => BusinessDays.IsWeekend(day.Day)).ShouldAllBe(day => day.Sent == 0);
        // A third of the slots brings the 300 in within thirty working days; alone they would take ten.
        forecast.Days[^1].Day.ShouldBeInRange(Date("2027-03-12"), Date("2027-03-30"));
    }

    [Fact]
    public void everything_goes_at_once_where_nothing_limits_it()
    {
        var forecast = Run(Emails(2), Schedule("Europe/Berlin", "mon 09:00-10:00"), new(), 1_000);
        forecast.Days.Where(day => day.Sent > 0).ShouldBe([new(Date("2027-01-04"), 1_000, 0), new(Date("2027-01-11"), 1_000, 0)]);
        Text(forecast.LastSendAt).ShouldBe("2027-01-11T08:00Z");
        forecast.FinishedAt.ShouldBe(forecast.LastSendAt);
    }

    [Fact]
    public void the_wait_for_a_late_reply_belongs_to_the_end()
    {
        var sequence = Emails(1) with { Settings = new() { LateReplyWait = new(3, DelayUnit.Days) } };
        Text(Run(sequence, Schedule("UTC"), new(), 1).FinishedAt).ShouldBe("2027-01-07T00:00Z");
    }

    [Fact]
    public void a_ramp_grows_day_by_day() =>
        Run(Emails(1), Schedule("UTC"), new(Daily: 50, Ramp: new(Date("2027-01-04"), 5, 5, 50)), 60)
            .Days.Select(day => day.Sent).ShouldBe([5, 10, 15, 20, 10]);

    [Fact]
    public void a_gap_spreads_emails_over_the_day()
    {
        var forecast = Run(Emails(1), Schedule("UTC", "daily 09:00-10:00"), new(Gap: new(Duration.FromMinutes(10), Duration.Zero)), 13);
        forecast.Days.Select(day => (day.Sent, day.Waiting)).ShouldBe([(6, 7), (6, 1), (1, 0)]);
    }

    [Fact]
    public void new_contacts_a_day_hold_first_emails_only()
    {
        var forecast = Run(Emails(2), Schedule("UTC"), new(NewContacts: 10), 25);
        forecast.Days.Take(3).Select(day => day.Sent).ShouldBe([10, 10 + 10, 5 + 10]);
    }

    [Fact]
    public void at_most_so_many_are_under_way()
    {
        var forecast = Run(Emails(2), Schedule("UTC"), new(MaximumLive: 4), 9);
        forecast.Days.Where(day => day.Sent > 0).Select(day => day.Sent).ShouldBe([4, 8, 5, 1]);
    }

    [Fact]
    public void places_that_are_never_given_back_are_an_obstacle() =>
        Obstacles(Run(Emails(1), Schedule("UTC"), new(MaximumLive: 4, Live: 4), 3)).ShouldBe("no_place 1 3");

    [Theory]
    [InlineData("2027-01-04", "end_date 2 5")]
    [InlineData("2027-01-05", "")] // inclusive
    public void who_is_not_through_before_the_end_date_never_finishes(string endsOn, string obstacles)
    {
        var forecast = Run(Emails(2), Schedule("UTC", endsOn: endsOn), new(Daily: 5), 5);
        Obstacles(forecast).ShouldBe(obstacles);
        forecast.FinishedAt.HasValue.ShouldBe(obstacles.Length == 0);
    }

    [Fact]
    public void who_waits_for_a_slot_at_the_end_date_is_named_with_his_step() =>
        Obstacles(Run(Emails(1), Schedule("UTC", endsOn: "2027-01-05"), new(Daily: 5), 25)).ShouldBe("end_date 1 15");

    [Fact]
    public void what_can_never_go_says_why()
    {
        Obstacles(Run(Emails(1), Schedule("UTC", "sat 09:00-10:00", weekdaysOnly: true), new(), 3)).ShouldBe("never_opens 1 3");
        Obstacles(Run(Emails(1), Schedule("UTC"), new(Daily: 1), 5_000)).ShouldBe("too_far 1 1349");
        Obstacles(Forecaster.Run(Plan(Emails(1), Schedule("UTC"), [], 3))).ShouldBe("no_sender 1 3");
        Run(Emails(1), Schedule("UTC"), new(Daily: 1), 5_000).FinishedAt.ShouldBeNull();
    }

    [Fact]
    public void tasks_are_taken_as_done_when_they_come_due_and_drafts_are_never_held()
    {
        var first = Emails(3);
        var sequence = first with { Steps = [first.Steps[0] with { Kind = StepKind.Call }, first.Steps[1] with { Kind = StepKind.ManualEmail }, first.Steps[2]] };
        var forecast = Run(sequence, Schedule("UTC"), new(Daily: 1), 3);
        forecast.Days[0].ShouldBe(new(Date("2027-01-05"), 3, 0));
        forecast.Days.Skip(1).Where(day => day.Sent > 0).Select(day => day.Sent).ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void nobody_means_nothing() =>
        Run(Emails(1), Schedule("UTC"), new(), 0).ShouldSatisfyAllConditions(
            forecast => forecast.Days.ShouldBeEmpty(), forecast => forecast.LastSendAt.ShouldBeNull(), forecast => forecast.FinishedAt.ShouldBeNull());

    [Theory]
    [InlineData(null, null)]
    [InlineData("2027-01-13", null)]
    [InlineData("2027-01-11", null)]
    [InlineData("2027-01-10", "end_date")]
    public void a_sequence_that_nobody_can_finish_is_found_out_before_anybody_is_enrolled(string? endsOn, string? code) =>
        FinishCheck.Find(Emails(2), Schedule("Europe/Berlin", "mon 09:00-17:00", endsOn: endsOn, endZone: "Europe/Berlin"), Monday)?.Why.Code.ShouldBe(code);

    private sealed record Limits(int? Daily = null, RampUp? Ramp = null, SendGap? Gap = null, int? NewContacts = null, int? MaximumLive = null, int Live = 0);

    private static Sequence Emails(int steps) => new(SequenceId.New(), 1, "Intro", new(), [.. Enumerable.Range(1, steps).Select(number => new Step(
        StepId.New(), number, StepKind.Email, number == 1 ? new(0, DelayUnit.Minutes) : new(number < 3 ? 1 : 7, DelayUnit.Days)))]);

    private static Forecast Run(Sequence sequence, Schedule schedule, Limits limits, int contacts) =>
        Forecaster.Run(Plan(sequence, schedule, [DeskOf(sequence, limits)], contacts));

    private static ForecastPlan Plan(Sequence sequence, Schedule schedule, SlotDesk[] desks, int contacts) => new(
        Monday, schedule.Zone, sequence.Id, desks, Wave.RunsOf([Wave.Enrolled(sequence, schedule, default(MailboxId), "there.test", Monday, contacts)]));

    private static SlotDesk DeskOf(Sequence sequence, Limits limits)
    {
        var day = new SendLimit(LimitNames.MailboxDaily, limits.Daily ?? int.MaxValue, Day, []);
        var mailbox = new MailboxDesk(
            default, day, limits.Daily is null ? [] : [day], new(limits.Gap ?? new(Duration.Zero, Duration.Zero), null), limits.Ramp is { } ramp ? new(ramp, DateTimeZone.Utc) : null);
        var firstSteps = new List<SendLimit>();
        if (limits.NewContacts is { } fresh) firstSteps.Add(new(LimitNames.SequenceNewContacts, fresh, Day, []));
        if (limits.MaximumLive is { } most) firstSteps.Add(new(LimitNames.SequenceLive, most, null, [new(default, limits.Live)]));
        return new(null, [mailbox], new Dictionary<SequenceId, IReadOnlyList<SendLimit>> { [sequence.Id] = firstSteps }, FairQueue.Empty);
    }

    private static string Obstacles(Forecast forecast) => string.Join(',', forecast.Obstacles.Select(one => $"{one.Why.Code} {one.Step} {one.Contacts}"));
}
