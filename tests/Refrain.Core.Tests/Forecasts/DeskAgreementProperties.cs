using CsCheck;
using NodaTime;
using Refrain.Core.Forecasts;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Forecasts;

/// <summary>The forecast against the desk that the engine asks. The desk spreads what it releases over the hours, so they agree on days and not on minutes.</summary>
public sealed class DeskAgreementProperties
{
    private static readonly Instant Start = At("2027-01-04T00:00Z");
    private static readonly Duration Day = Duration.FromHours(24);

    [Fact]
    public void the_desk_sends_as_much_and_never_more_than_two_days_apart() => Gen.Select(Gen.Int[2, 12], Gen.Int[0, 1], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[5, 60], Gen.Int[0, 30]).Sample(
        (cap, hours, steps, delay, contacts, others) =>
        {
            var schedule = Schedule("Europe/Berlin", hours == 0 ? "" : "mon tue wed thu fri 09:00-17:00");
            var sequences = new[] { Emails(steps, delay, weight: 1), Emails(2, 2, weight: 2) };
            var forecast = Forecaster.Run(new(Start, DateTimeZone.Utc, sequences[0].Id,
                [new(default, [new(RollingBudget.Empty(cap, Day))], new(Duration.Zero, Duration.Zero))], [],
                [Wave.Enrolled(sequences[0], schedule, 0, Start, contacts), Wave.Enrolled(sequences[1], schedule, 0, Start, others)]));
            var days = Play(cap, schedule, sequences, contacts, others);
            var (mine, theirs) = (0, 0);
            foreach (var day in Enumerable.Range(0, 400).Select(day => new LocalDate(2027, 1, 4).PlusDays(day)))
            {
                mine += forecast.Days.FirstOrDefault(one => one.Day == day)?.Sent ?? 0;
                theirs += days.GetValueOrDefault(day);
                Math.Abs(mine - theirs).ShouldBeLessThanOrEqualTo(2 * cap, $"until {day}");
            }
            (mine, theirs).ShouldBe((contacts * steps, contacts * steps));
        },
        iter: 60, threads: 1);

    private static Dictionary<LocalDate, int> Play(int cap, Schedule schedule, Sequence[] sequences, int contacts, int others)
    {
        var day = new SendLimit(LimitNames.MailboxDaily, cap, Day, []);
        var desk = new SlotDesk(
            null, [new MailboxDesk(default, day, [day], new(new(Duration.Zero, Duration.Zero), null), null)],
            new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
        var runs = new[] { contacts, others }.SelectMany((count, index) => Enumerable.Range(0, count).Select(_ => new OutlookRun(
            EnrollmentId.New(), default, sequences[index], sequences[index].Steps[0].Id, schedule, "there.test", NextSlot.At(Start, null, schedule)!.Value, HasSent: false))).ToList();
        var own = runs.Where(run => run.Sequence == sequences[0]).Select(run => run.Id).ToHashSet();
        return new SendingOutlook(desk, runs, Start).Play(Start + Duration.FromDays(400)).Where(seen => own.Contains(seen.Run))
            .GroupBy(seen => seen.At.InUtc().Date).ToDictionary(group => group.Key, group => group.Count());
    }

    private static Sequence Emails(int steps, int delay, int weight) => new(SequenceId.New(), 1, "Intro", new() { Weight = weight }, [.. Enumerable.Range(1, steps).Select(number => new Step(
        StepId.New(), number, StepKind.Email, number == 1 ? new(0, DelayUnit.Minutes) : new(delay, DelayUnit.Days)))]);
}
