using NodaTime;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Forecasts;

/// <summary>Writes down, day by day, what becomes of the sequence that was asked about.</summary>
internal sealed class ForecastLedger
{
    private readonly SequenceId subject;
    private readonly DateTimeZone zone;
    private readonly List<ForecastDay> days = [];
    private readonly Dictionary<ObstacleKind, (int Step, int Contacts)> obstacles = [];
    private LocalDate day;
    private Instant dayEnds;
    private int waiting;
    private int sent;
    private Instant? lastSendAt;
    private Instant? finishedAt;

    public ForecastLedger(SequenceId subject, DateTimeZone zone, Instant start)
    {
        (this.subject, this.zone) = (subject, zone);
        BeginDay(start.InZone(zone).Date);
    }

    /// <summary>A run that there is at the start.</summary>
    public void Begin(OutlookRun run)
    {
        if (run.Sequence.Id == subject && run.IsWaiting)
            waiting++;
    }

    public void Write(OutlookEvent happened)
    {
        TurnTo(happened.At);
        if (happened.Run.Sequence.Id != subject)
            return;
        switch (happened)
        {
            case OutlookEvent.Waits:
                waiting++;
                break;
            case OutlookEvent.Sent send:
                waiting -= send.Waited ? 1 : 0;
                sent++;
                lastSendAt = send.At;
                break;
            case OutlookEvent.Ended ended:
                finishedAt = ended.At;
                break;
            case OutlookEvent.Stuck stuck:
                waiting -= stuck.Waited ? 1 : 0;
                GiveUp(stuck.Run, stuck.Step, KindOf(stuck));
                break;
        }
    }

    /// <summary>The run can never finish, or not so soon that it is foreseen.</summary>
    public void GiveUp(OutlookRun run, Step step, ObstacleKind kind)
    {
        if (run.Sequence.Id != subject)
            return;
        var before = obstacles.GetValueOrDefault(kind, (step.Number, 0));
        obstacles[kind] = (Math.Min(before.Item1, step.Number), before.Item2 + 1);
    }

    public Forecast Close()
    {
        days.Add(new(day, sent, waiting));
        var first = days.FindIndex(IsEventful);
        var last = days.FindLastIndex(IsEventful);
        return new(
            first < 0 ? [] : days.GetRange(first, last - first + 1), lastSendAt, obstacles.Count > 0 ? null : finishedAt,
            [.. obstacles.OrderBy(one => one.Key).Select(one => new Obstacle(one.Key, one.Value.Step, one.Value.Contacts, ObstacleReasons.Of(one.Key, one.Value.Step, one.Value.Contacts)))]);
    }

    private static bool IsEventful(ForecastDay one) => one.Sent > 0 || one.Waiting > 0;

    private void BeginDay(LocalDate next)
    {
        (day, sent) = (next, 0);
        dayEnds = zone.AtStartOfDay(next.PlusDays(1)).ToInstant();
    }

    private void TurnTo(Instant now)
    {
        while (now >= dayEnds)
        {
            days.Add(new(day, sent, waiting));
            BeginDay(day.PlusDays(1));
        }
    }

    private static ObstacleKind KindOf(OutlookEvent.Stuck stuck) => stuck.Cause switch
    {
        StuckCause.NoSender => ObstacleKind.NoSender,
        StuckCause.Hours => stuck.Run.Schedule.EndsOn is null ? ObstacleKind.NeverOpens : ObstacleKind.EndDate,
    };
}
