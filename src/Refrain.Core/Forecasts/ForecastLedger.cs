using NodaTime;

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
    private int open;
    private int waiting;
    private int sent;
    private Instant? lastSendAt;
    private Instant? finishedAt;

    public ForecastLedger(SequenceId subject, DateTimeZone zone, Instant start)
    {
        (this.subject, this.zone) = (subject, zone);
        BeginDay(start.InZone(zone).Date);
    }

    public void TurnTo(Instant now)
    {
        while (now >= dayEnds)
        {
            days.Add(new(day, sent, waiting));
            BeginDay(day.PlusDays(1));
        }
    }

    public bool IsAbout(SequenceId sequence) => sequence == subject;

    public void Begin(SequenceId sequence, int count) => open += Of(sequence, count);

    public void Wait(SequenceId sequence, int count) => waiting += Of(sequence, count);

    public void Send(SequenceId sequence, int count, Instant now)
    {
        if (Of(sequence, count) == 0)
            return;
        waiting -= count;
        sent += count;
        lastSendAt = now;
    }

    public void Finish(SequenceId sequence, int count, Instant now)
    {
        if (Of(sequence, count) == 0)
            return;
        open -= count;
        finishedAt = now;
    }

    public void GiveUp(SequenceId sequence, int step, int count, ObstacleKind kind)
    {
        if (Of(sequence, count) == 0)
            return;
        open -= count;
        var before = obstacles.GetValueOrDefault(kind, (step, 0));
        obstacles[kind] = (Math.Min(before.Item1, step), before.Item2 + count);
    }

    /// <summary>Whoever has neither finished nor been given up is beyond what is foreseen.</summary>
    public void GiveUpOnRest(int step)
    {
        if (open > 0)
            GiveUp(subject, step, open, ObstacleKind.TooFar);
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

    private int Of(SequenceId sequence, int count) => IsAbout(sequence) ? count : 0;
}
