using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Virtual;

/// <summary>An email that a server accepted.</summary>
internal sealed record VirtualSend(VirtualRun Run, StepId Step, Instant At, bool ByHand);

/// <summary>
/// The engine without a database: every run alone through the machine, the schedule, the budgets and the fair queue, at each instant at which
/// something may happen. Servers accept at once, and people do their tasks at once.
/// </summary>
internal sealed class VirtualEngine(Instant start)
{
    private static readonly Duration Minute = Duration.FromMinutes(1);
    private readonly HashSet<VirtualRun> contending = [];
    private readonly Dictionary<Schedule, Instant?> opens = [];

    public Instant Now { get; private set; } = start;
    public List<VirtualMailbox> Mailboxes { get; } = [];
    public List<VirtualRun> Runs { get; } = [];
    public Dictionary<SequenceId, VirtualLimits> Limits { get; } = [];
    public List<VirtualSend> Sends { get; } = [];

    /// <summary>Who was Pending for a slot at one time or another.</summary>
    public HashSet<VirtualRun> CappedRuns { get; } = [];

    public VirtualRun Enroll(Sequence sequence, Schedule schedule, VirtualMailbox? mailbox, int track = 0)
    {
        var run = new VirtualRun(sequence, schedule, mailbox, Now) { Track = track };
        Runs.Add(run);
        return run;
    }

    /// <summary>Whether the run is due and waits only for a slot or a window.</summary>
    public bool IsContending(VirtualRun run) => contending.Contains(run);

    public void RunUntil(Instant end)
    {
        while (Now < end)
        {
            Turn();
            Now = Instant.Min(end, NextInstant(end));
        }
    }

    /// <summary>Something happens to a run from outside.</summary>
    public void Happen(VirtualRun run, Signal signal)
    {
        run.Decide(signal);
        if (!run.Enrollment.IsFree)
            contending.Remove(run);
        Settle(run);
    }

    private void Turn()
    {
        int sends;
        do
        {
            sends = Sends.Count;
            for (var due = Due(); due.Count > 0; due = Due())
            {
                foreach (var run in due)
                    Arrive(run);
            }
            foreach (var mailbox in Mailboxes)
                Serve(mailbox);
        }
        while (Sends.Count > sends);
    }

    private List<VirtualRun> Due() => Runs.FindAll(run => run.Enrollment.NextAt <= Now && !contending.Contains(run));

    private void Arrive(VirtualRun run)
    {
        var task = TaskId.New();
        if (run.Enrollment.State == EnrollmentState.Paused)
            run.Decide(new PauseEnded(Now));
        else if (run.Enrollment.State == EnrollmentState.PausedO3)
            run.Decide(new AbsenceEnded(Now));
        else if (run.Step is not { } step)
            run.Decide(new LateReplyWaitEnded(Now));
        else if (step.Kind == StepKind.Email)
            contending.Add(run);
        else if (step.Kind == StepKind.Reminder)
            run.Decide(new ReminderDue(Now, task));
        else
        {
            run.Decide(new ManualStepDue(Now, task));
            run.Decide(step.Kind == StepKind.ManualEmail ? new DraftSent(Now, Actor.Engine, task) : new TaskCompleted(Now, Actor.Engine, task));
            if (step.Kind == StepKind.ManualEmail)
                Accept(run, step, byHand: true);
        }
        Settle(run);
    }

    private void Serve(VirtualMailbox mailbox)
    {
        while (mailbox.IsFree(Now))
        {
            var lanes = new Dictionary<Lane, VirtualRun>();
            foreach (var run in contending.Where(run => run.Mailbox == mailbox && MayGo(run)))
            {
                if (!lanes.TryGetValue(run.Lane, out var first) || run.Key.CompareTo(first.Key) < 0)
                    lanes[run.Lane] = run;
            }
            var grant = mailbox.Queue.Next([.. lanes.Select(lane => new WaitingLane(lane.Key, lane.Value.Sequence.Settings.Weight, lane.Value.Since))], mailbox.LastDay.Used(Now));
            if (grant is null)
                break;
            mailbox.Queue = grant.Queue;
            Send(lanes[grant.Lane]);
        }
        foreach (var run in contending.Where(run => run.Mailbox == mailbox && run.Enrollment.State == EnrollmentState.Active && mailbox.FullCap(Now) is not null))
        {
            CappedRuns.Add(run);
            run.Decide(new CapReached(Now, mailbox.FullCap(Now)!));
        }
    }

    private bool MayGo(VirtualRun run) => NextSlot.IsOpen(Now, run.Schedule)
        && (run.Lane.Kind == SlotKind.FollowUp || !Limits.TryGetValue(run.Sequence.Id, out var limits) || limits.Allow(Now));

    private void Send(VirtualRun run)
    {
        contending.Remove(run);
        if (run.Enrollment.State == EnrollmentState.Pending)
            run.Decide(new SlotFreed(Now));
        run.Decide(new StepDue(Now)).Effects.OfType<SendEmail>().ShouldHaveSingleItem();
        Accept(run, run.Step!, byHand: false);
        Settle(run);
    }

    private void Accept(VirtualRun run, Step step, bool byHand)
    {
        if (run.Lane.Kind == SlotKind.FirstStep && Limits.TryGetValue(run.Sequence.Id, out var limits))
            limits.Begin(Now);
        run.Mailbox!.Accept(Now);
        Sends.Add(new(run, step.Id, Now, byHand));
        run.Decide(new MessageAccepted(Now, MessageId.New(), step.Id, "250 Ok"));
    }

    private void Settle(VirtualRun run)
    {
        if (run.Enrollment.IsOpen || run.EndedAt is not null)
            return;
        run.EndedAt = Now;
        contending.Remove(run);
        if (run.Enrollment.EmailsSent > 0 && Limits.TryGetValue(run.Sequence.Id, out var limits))
            limits.Live--;
    }

    // While somebody waits for a slot, each minute; else whenever the next run is due.
    private Instant NextInstant(Instant end)
    {
        var next = end;
        foreach (var run in Runs)
        {
            if (!contending.Contains(run) && run.Enrollment.NextAt is { } at && at > Now && at < next)
                next = at;
        }
        foreach (var mailbox in Mailboxes)
            next = Instant.Min(next, mailbox.NextFree(Now) ?? end);
        return contending.Count == 0 ? next : Instant.Min(next, RollingBudget.MinuteOf(Now) + SkipTo(next));
    }

    // Nothing can happen before the first of the windows that those who wait need, except what is known to be due.
    private Duration SkipTo(Instant next)
    {
        var minute = RollingBudget.MinuteOf(Now);
        var first = next;
        foreach (var schedule in contending.Select(run => run.Schedule).Distinct())
        {
            if (!opens.TryGetValue(schedule, out var opening) || opening <= Now)
                opens[schedule] = opening = NextSlot.At(minute + Minute, null, schedule);
            first = Instant.Min(first, opening ?? next);
        }
        return Duration.Max(Minute, first - minute);
    }
}
