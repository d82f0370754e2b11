using CsCheck;
using NodaTime;
using Refrain.Core.Tests.Forecasts;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

/// <summary>What the outlook foresees for each run, against the virtual engine, which moves every run by itself through the machine, the gates and the desk.</summary>
public sealed class PredictionProperties
{
    private const int Enrollments = 10_000;
    private static readonly Duration Watched = Duration.FromDays(25);

    [Fact]
    public void of_ten_thousand_random_enrollments_each_email_goes_at_the_minute_that_was_predicted()
    {
        var (enrolled, emails, wrong) = (0, 0, new List<string>());
        for (ulong world = 0; enrolled < Enrollments; world++)
        {
            var scenario = ForecastScenario.Any.Generate(new PCG(1, world), null, out _);
            var engine = scenario.Engine();
            enrolled += engine.Runs.Count;
            engine.RunUntil(ForecastScenario.Start + Duration.FromMinutes(scenario.MinutesBefore));
            var (asked, before) = (engine.Now, engine.Sends.Count);
            var plan = scenario.Plan(engine);
            var outlook = new SendingOutlook(plan.Desks, plan.Runs, asked, peopleAct: true);
            var predicted = outlook.Sends(asked + Watched).ToDictionary(sent => (sent.Run.Id, sent.Step), sent => sent.At);
            engine.RunUntil(asked + Watched + Duration.FromDays(1));
            var real = engine.Sends.Skip(before).ToDictionary(send => (send.Run.Enrollment.Id, send.Step), send => send.At);
            emails += predicted.Count;
            wrong.AddRange(predicted.Where(one => !real.TryGetValue(one.Key, out var at) || Apart(at, one.Value) >= Duration.FromMinutes(1))
                .Select(one => $"world {world}, asked {asked}, run {one.Key}: predicted {one.Value}, went {(real.TryGetValue(one.Key, out var at) ? at : null)}"));
            wrong.AddRange(real.Where(one => one.Value <= asked + Watched - Duration.FromMinutes(1) && !predicted.ContainsKey(one.Key))
                .Select(one => $"world {world}, asked {asked}, run {one.Key}: went {one.Value}, and nobody had said so"));
        }

        emails.ShouldBeGreaterThan(Enrollments);
        wrong.Count.ShouldBeLessThanOrEqualTo(emails / 100, $"{wrong.Count} of {emails} emails of {enrolled} enrollments:\n{string.Join('\n', wrong)}");
    }

    private static Duration Apart(Instant one, Instant other) => Duration.Max(one - other, other - one);
}
