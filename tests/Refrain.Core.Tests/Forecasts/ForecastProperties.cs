using CsCheck;
using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Forecasts;
using Refrain.Core.Tests.Virtual;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Forecasts;

/// <summary>The forecast plays the desk alone; the virtual engine moves each run through the machine and the gates. They must not disagree.</summary>
public sealed class ForecastProperties
{
    private static readonly Duration Watched = Duration.FromDays(25);

    [Fact]
    public void a_forecast_is_what_then_happens_to_each_run_by_itself() => ForecastScenario.Any.Sample(
        scenario =>
        {
            var engine = scenario.Engine();
            engine.RunUntil(ForecastScenario.Start + Duration.FromMinutes(scenario.MinutesBefore));
            var forecast = Forecaster.Run(scenario.Plan(engine));
            var asked = engine.Now;
            var (sent, waiting) = Watch(engine, scenario, asked + Watched);
            var end = engine.Now.InZone(Zone("Europe/Berlin")).Date;
            foreach (var day in forecast.Days.Where(day => day.Day < end))
                (day.Day, day.Sent, day.Waiting).ShouldBe((day.Day, sent.GetValueOrDefault(day.Day), waiting.GetValueOrDefault(day.Day)));
            forecast.Days.Where(day => day.Day < end).Sum(day => day.Sent).ShouldBe(sent.Where(one => one.Key < end).Sum(one => one.Value));
            Compare(forecast, engine, scenario, asked);
        },
        iter: 2_000);

    private static void Compare(Forecast forecast, VirtualEngine engine, ForecastScenario scenario, Instant asked)
    {
        var runs = engine.Runs.Where(run => run.Sequence == scenario.Sequences[0]).ToList();
        if (runs.Exists(run => run.Enrollment.IsOpen))
            return;
        var sends = engine.Sends.Where(send => send.Run.Sequence == scenario.Sequences[0] && send.At >= asked).ToList();
        forecast.LastSendAt.ShouldBe(sends.Count > 0 ? sends.Max(send => send.At) : null);
        var ended = runs.Where(run => run.EndedAt >= asked).ToList();
        var unable = ended.Count(run => run.Enrollment.Verdict == EnrollmentState.FinishedUnenrolled);
        forecast.Obstacles.Sum(obstacle => obstacle.Contacts).ShouldBe(unable);
        forecast.FinishedAt.ShouldBe(unable > 0 || ended.Count == 0 ? null : ended.Max(run => run.EndedAt));
    }

    private static (Dictionary<LocalDate, int> Sent, Dictionary<LocalDate, int> Waiting) Watch(VirtualEngine engine, ForecastScenario scenario, Instant end)
    {
        var zone = Zone("Europe/Berlin");
        var before = engine.Sends.Count;
        var waiting = new Dictionary<LocalDate, int>();
        while (engine.Now < end)
        {
            var day = engine.Now.InZone(zone).Date;
            engine.RunUntil(zone.AtStartOfDay(day.PlusDays(1)).ToInstant());
            waiting[day] = engine.Runs.Count(run => run.Sequence == scenario.Sequences[0] && engine.Waiting.Contains(run));
        }
        var sent = engine.Sends.Skip(before).Where(send => send.Run.Sequence == scenario.Sequences[0])
            .GroupBy(send => send.At.InZone(zone).Date).ToDictionary(group => group.Key, group => group.Count());
        return (sent, waiting);
    }
}
