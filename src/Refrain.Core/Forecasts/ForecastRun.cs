using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Forecasts;

/// <summary>The virtual clock and all that moves by it.</summary>
internal sealed class ForecastRun
{
    private readonly PriorityQueue<Cohort, Instant> due = new();
    private readonly Dictionary<(Track Track, int Step, bool HasSent), int> moved = [];
    private readonly Dictionary<SequenceId, LaneLimits> limits = [];
    private readonly List<SenderQueue> senders = [];
    private readonly ForecastLedger ledger;
    private readonly Instant start;

    public ForecastRun(ForecastPlan plan)
    {
        start = plan.Now;
        ledger = new(plan.Subject, plan.Days, plan.Now);
        foreach (var limit in plan.Limits)
            limits[limit.Sequence] = new(limit, plan.Now);
        var meters = plan.Senders.SelectMany(sender => sender.Budgets).Distinct(ReferenceEqualityComparer.Instance).Cast<PlannedBudget>()
            .ToDictionary(budget => (object)budget, budget => new SlotMeter(budget, plan.Now), ReferenceEqualityComparer.Instance);
        foreach (var sender in plan.Senders)
            senders.Add(new(sender, [.. sender.Budgets.Select(budget => meters[budget])], plan.Now));
        var tracks = new Dictionary<(Sequence, Schedule, int?), Track>();
        foreach (var wave in plan.Waves.Where(wave => wave.Count > 0))
            Begin(wave, tracks);
    }

    public Forecast ToEnd()
    {
        var now = start;
        while (NextEvent(now) is { } next)
        {
            if (next > start + Forecaster.Horizon)
            {
                ledger.GiveUpOnRest(FirstOpenStep());
                return ledger.Close();
            }
            now = next;
            ledger.TurnTo(now);
            ArriveAll(now);
            foreach (var sender in senders)
                Serve(sender, now);
            MoveOn(now);
        }
        GiveUpOnStuck(now);
        return ledger.Close();
    }

    private void Begin(Wave wave, Dictionary<(Sequence, Schedule, int?), Track> tracks)
    {
        var key = (wave.Sequence, wave.Schedule, wave.Sender);
        if (!tracks.TryGetValue(key, out var track))
            tracks[key] = track = new(tracks.Count, wave.Sequence, wave.Schedule, wave.Sender is { } index ? senders[index] : null);
        if (wave.HasSent)
            limits.GetValueOrDefault(wave.Sequence.Id)?.End(-wave.Count);
        ledger.Begin(wave.Sequence.Id, wave.Count);
        Schedule(track, wave.Step, wave.Since, wave.Count, wave.HasSent, wave.CameDue);
    }

    private void Schedule(Track track, int step, Instant since, int count, bool hasSent, bool cameDue)
    {
        var steps = track.Sequence.Steps;
        var slot = step == steps.Count ? since : NextSlot.At(since, cameDue ? null : steps[step].At, track.Schedule);
        if (slot is { } at)
            due.Enqueue(new(track, step, at, hasSent) { Count = count }, Instant.Max(at, start));
        else
            GiveUp(track, step, count, hasSent, track.Schedule.EndsOn is null ? ObstacleKind.NeverOpens : ObstacleKind.EndDate);
    }

    private Instant? NextEvent(Instant now)
    {
        Instant? next = due.TryPeek(out _, out var at) ? at : null;
        foreach (var sender in senders)
        {
            if (sender.HasWaiting && sender.FreeAt(now) is { } free && sender.NextEligible(now) is { } eligible && !(Instant.Max(free, eligible) >= next))
                next = Instant.Max(free, eligible);
        }
        return next;
    }

    private void ArriveAll(Instant now)
    {
        while (due.TryPeek(out _, out var at) && at <= now)
        {
            Arrive(due.Dequeue(), now);
            MoveOn(now);
        }
    }

    private void Arrive(Cohort cohort, Instant now)
    {
        if (cohort.At is not { } step)
            Finish(cohort.Track, cohort.Count, cohort.HasSent, now);
        else if (!step.IsEmail)
            Leave(cohort, cohort.Count, cohort.HasSent, now);
        else if (cohort.Track.Sender is not { } sender)
            GiveUp(cohort.Track, cohort.Step, cohort.Count, cohort.HasSent, ObstacleKind.NoSender);
        else if (step.Kind == StepKind.ManualEmail)
            SendByHand(cohort, sender, now);
        else
        {
            ledger.Wait(cohort.Track.Sequence.Id, cohort.Count);
            sender.Join(cohort, limits.GetValueOrDefault(cohort.Track.Sequence.Id));
        }
    }

    private void SendByHand(Cohort cohort, SenderQueue sender, Instant now)
    {
        for (var one = 0; one < cohort.Count; one++)
        {
            sender.Take(now);
            if (!cohort.HasSent)
                limits.GetValueOrDefault(cohort.Track.Sequence.Id)?.Begin(now);
        }
        ledger.Wait(cohort.Track.Sequence.Id, cohort.Count);
        ledger.Send(cohort.Track.Sequence.Id, cohort.Count, now);
        Leave(cohort, cohort.Count, hasSent: true, now);
    }

    private void Serve(SenderQueue sender, Instant now)
    {
        while (sender.HasWaiting && sender.FreeAt(now) <= now)
        {
            if (sender.Serve(now) is not { } served)
                return;
            ledger.Send(served.Track.Sequence.Id, 1, now);
            Leave(served, 1, hasSent: true, now);
        }
    }

    // Those who leave the same step at the same instant go on together.
    private void Leave(Cohort cohort, int count, bool hasSent, Instant now)
    {
        var (steps, wait) = (cohort.Track.Sequence.Steps, cohort.Track.Sequence.Settings.LateReplyWait);
        if (cohort.Step + 1 == steps.Count && wait.Value == 0)
        {
            Finish(cohort.Track, count, hasSent, now);
            return;
        }
        var key = (cohort.Track, cohort.Step + 1, hasSent);
        moved[key] = moved.GetValueOrDefault(key) + count;
    }

    private void MoveOn(Instant now)
    {
        foreach (var ((track, step, hasSent), count) in moved)
        {
            var steps = track.Sequence.Steps;
            var delay = step == steps.Count ? track.Sequence.Settings.LateReplyWait : steps[step].Delay;
            Schedule(track, step, NextSlot.DelayEnds(now, delay, track.Schedule), count, hasSent, cameDue: false);
        }
        moved.Clear();
    }

    private void GiveUpOnStuck(Instant now)
    {
        foreach (var sender in senders)
        {
            foreach (var line in sender.Waiting)
            {
                var kind = sender.FreeAt(now) is null ? ObstacleKind.CapZero
                    : line.Track.NextOpen(now) is null ? line.Track.Schedule.EndsOn is null ? ObstacleKind.NeverOpens : ObstacleKind.EndDate
                    : ObstacleKind.NoPlace;
                foreach (var cohort in line.Everybody)
                    ledger.GiveUp(cohort.Track.Sequence.Id, cohort.At!.Number, cohort.Count, kind);
            }
        }
    }

    private int FirstOpenStep() =>
        due.UnorderedItems.Select(one => one.Element).Concat(senders.SelectMany(sender => sender.Waiting).SelectMany(line => line.Everybody))
            .Where(cohort => ledger.IsAbout(cohort.Track.Sequence.Id)).Min(cohort => (int?)Math.Min(cohort.Step + 1, cohort.Track.Sequence.Steps.Count)) ?? 1;

    private void GiveUp(Track track, int step, int count, bool hasSent, ObstacleKind kind)
    {
        End(track, count, hasSent);
        ledger.GiveUp(track.Sequence.Id, track.Sequence.Steps[step].Number, count, kind);
    }

    private void Finish(Track track, int count, bool hasSent, Instant now)
    {
        End(track, count, hasSent);
        ledger.Finish(track.Sequence.Id, count, now);
    }

    private void End(Track track, int count, bool hasSent)
    {
        if (hasSent)
            limits.GetValueOrDefault(track.Sequence.Id)?.End(count);
    }
}
