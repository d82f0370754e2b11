using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Virtual;

/// <summary>A year of virtual time, and a checker that knows nothing of how it was done.</summary>
public sealed class YearTests
{
    private const int Runs = 2_000;
    private static readonly Instant Start = At("2027-01-01T00:00Z");
    private static readonly Instant End = At("2028-01-01T00:00Z");
    private static readonly Lazy<YearOfLife> Year = new(() => YearOfLife.Live(Start, End, Runs, seed: 20270101));

    [Fact]
    public void each_step_goes_exactly_once_unless_its_run_was_stopped_or_it_was_skipped()
    {
        var sends = Year.Value.Sends.ToLookup(send => send.Run);
        foreach (var run in Year.Value.Runs)
        {
            var steps = sends[run].Select(send => send.Step).ToList();
            steps.ShouldBeUnique();
            var emails = run.Sequence.Steps.Where(step => step.IsEmail).Select(step => step.Id).ToList();
            steps.ShouldBe(emails.Take(steps.Count), "in their order, none left out");
            if (run.Enrollment.Verdict is EnrollmentState.FinishedNoReply or EnrollmentState.Finished)
                steps.Count.ShouldBe(emails.Count);
            else
                run.Enrollment.Verdict.ShouldBeOneOf(EnrollmentState.FinishedReplied, EnrollmentState.Unsubscribed, EnrollmentState.FinishedUnenrolled);
        }
    }

    [Fact]
    public void nothing_leaves_outside_its_window_or_after_its_end_date() =>
        Year.Value.Sends.Where(send => !send.ByHand && !SlotLook.IsOpen(send.At, send.Run.Schedule)).ShouldBeEmpty();

    [Fact]
    public void nothing_leaves_during_a_hold_or_after_a_stop()
    {
        var holds = Year.Value.Holds.ToLookup(hold => hold.Run);
        Year.Value.Sends.Where(send => holds[send.Run].Any(hold => send.At >= hold.From && send.At < hold.Until)).ShouldBeEmpty();
        Year.Value.Sends.Where(send => send.At > send.Run.EndedAt).ShouldBeEmpty();
    }

    [Fact]
    public void no_step_comes_before_its_delay_and_what_a_hold_left_of_it()
    {
        var sends = Year.Value.Sends.ToLookup(send => send.Run);
        foreach (var (run, first, second) in sends.SelectMany(group => group.Zip(group.Skip(1), (one, two) => (group.Key, one, two))))
        {
            var delay = run.Sequence.Find(second.Step)!.Delay;
            var wall = first.At.InZone(run.Schedule.Zone).Date;
            var earliest = delay.Unit == DelayUnit.BusinessDays ? Enumerable.Range(0, delay.Value).Aggregate(wall, (day, _) => NextWorkday(day, run.Schedule)) : wall.PlusDays(delay.Value);
            second.At.InZone(run.Schedule.Zone).Date.ShouldBeGreaterThanOrEqualTo(earliest);
            var held = Year.Value.Holds.Where(hold => hold.Run == run && hold.From >= first.At && hold.Until <= second.At).Aggregate(Duration.Zero, (sum, hold) => sum + (hold.Until - hold.From));
            (second.At - first.At).ShouldBeGreaterThanOrEqualTo(held > Duration.Zero ? Duration.FromHours(1) : Duration.Zero);
        }
    }

    [Fact]
    public void no_cap_is_ever_exceeded_in_any_rolling_window()
    {
        foreach (var cap in Year.Value.Caps)
        {
            var times = Year.Value.Sends.Where(send => cap.Mailboxes.Contains(send.Run.Mailbox)).Select(send => send.At).Order().ToList();
            times.Count.ShouldBeGreaterThan(cap.Limit, "the cap had something to hold");
            for (var newest = cap.Limit; newest < times.Count; newest++)
                (times[newest] - times[newest - cap.Limit]).ShouldBeGreaterThanOrEqualTo(cap.Window, $"{cap.Limit} in {cap.Window}");
        }
    }

    [Fact]
    public void the_gap_between_two_emails_of_a_mailbox_is_kept()
    {
        foreach (var mailbox in Year.Value.Sends.GroupBy(send => send.Run.Mailbox))
            mailbox.Zip(mailbox.Skip(1)).Where(two => two.Second.At - two.First.At < mailbox.Key.Gap.Minimum)
                .Select(two => $"{two.First.At} {two.Second.At} {mailbox.Key.Gap}").ShouldBeEmpty();
    }

    [Fact]
    public void the_year_had_all_that_it_was_meant_to_have()
    {
        var year = Year.Value;
        year.Runs.Count.ShouldBe(Runs);
        year.Runs.ShouldAllBe(run => !run.Enrollment.IsOpen);
        year.Runs.Select(run => run.Enrollment.Verdict!.Value).Distinct().Count().ShouldBeGreaterThanOrEqualTo(4);
        year.Holds.Count(hold => hold.Absence).ShouldBeGreaterThan(100);
        year.Holds.Count(hold => !hold.Absence).ShouldBeGreaterThan(100);
        year.Runs.Select(run => run.Schedule.Zone).Distinct().Count().ShouldBeGreaterThanOrEqualTo(8);
        year.Sends.Count(IsNearChangeOfClock).ShouldBeGreaterThan(20, "emails within two days of a change of the clock");
        year.Capped.ShouldBeGreaterThan(200);
    }

    private static bool IsNearChangeOfClock(VirtualSend send)
    {
        var zone = send.Run.Schedule.Zone;
        return zone.GetZoneInterval(send.At - Duration.FromDays(2)) != zone.GetZoneInterval(send.At + Duration.FromDays(2));
    }

    private static LocalDate NextWorkday(LocalDate day, Schedule schedule)
    {
        do
            day = day.PlusDays(1);
        while ((int)day.DayOfWeek > 5 || schedule.HolidayCountries.Any(country => Holidays.Of(country).Contains(day)));
        return day;
    }
}
