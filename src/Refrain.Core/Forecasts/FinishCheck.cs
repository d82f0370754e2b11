using System.Globalization;
using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Forecasts;

/// <summary>Asks a virtual clock whether a sequence can be finished at all, by somebody who lives in its zone and whom no cap holds.</summary>
public static class FinishCheck
{
    /// <summary>What whoever is enrolled now cannot get past; null when he can finish.</summary>
    /// <param name="sequence">A version with at least one step.</param>
    /// <param name="schedule">Its schedule in its own zone.</param>
    /// <param name="now">When he is enrolled.</param>
    public static Obstacle? Find(Sequence sequence, Schedule schedule, Instant now)
    {
        var free = new MailboxDesk(default, new(LimitNames.MailboxDaily, int.MaxValue, Duration.FromHours(24), []), [], new(new(Duration.Zero, Duration.Zero), null), null);
        var desk = new SlotDesk(null, [free], new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
        var plan = new ForecastPlan(now, schedule.Zone, sequence.Id, [desk], Wave.RunsOf([Wave.Enrolled(sequence, schedule, default(MailboxId), "", now, 1)]));
        return Forecaster.Run(plan).Obstacles is [var first, ..] ? first with { Why = Why.Of(first.Why.Code, Sentence(first, schedule), ("step", Text(first.Step))) } : null;
    }

    private static string Sentence(Obstacle found, Schedule schedule) => found.Kind == ObstacleKind.EndDate
        ? $"Whoever is enrolled now never gets to step {Text(found.Step)}: the sequence ends on {schedule.EndsOn!.Value.ToString("d MMMM uuuu", CultureInfo.InvariantCulture)}."
        : $"Whoever is enrolled never gets past step {Text(found.Step)}: {char.ToLowerInvariant(found.Why.Sentence[0])}{found.Why.Sentence[1..]}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
