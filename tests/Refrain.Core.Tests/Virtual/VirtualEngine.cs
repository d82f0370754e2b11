using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Core.Schedules;
using Refrain.Core.Sending;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Virtual;

/// <summary>An email that a server accepted.</summary>
internal sealed record VirtualSend(VirtualRun Run, StepId Step, Instant At, bool ByHand);

/// <summary>
/// The engine without a database: every run alone through the machine, the gates and the desk, in the order in which the engine takes them up.
/// Servers accept at once, and people do their tasks at once.
/// </summary>
internal sealed class VirtualEngine(Instant start, VirtualDesk throttle)
{
    private readonly List<(VirtualRun Run, Step Step, bool ByHand)> handed = [];
    private SlotDesk? desk;
    private int enrolled;

    public Instant Now { get; private set; } = start;
    public IReadOnlyList<VirtualMailbox> Mailboxes => throttle.Mailboxes;
    public List<VirtualRun> Runs { get; } = [];
    public List<VirtualSend> Sends { get; } = [];

    /// <summary>Who was Pending for a slot at one time or another.</summary>
    public HashSet<VirtualRun> CappedRuns { get; } = [];

    /// <summary>Whose email is due and waits for a slot or a planned time.</summary>
    public HashSet<VirtualRun> Waiting { get; } = [];

    public VirtualRun Enroll(Sequence sequence, Schedule schedule, VirtualMailbox mailbox, string domain = "there.test")
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes[12..], ++enrolled);
        var run = new VirtualRun(sequence, schedule, mailbox, domain, new(new Guid(bytes, bigEndian: true)), Now);
        Runs.Add(run);
        Save();
        return run;
    }

    public void RunUntil(Instant end)
    {
        while (Now < end)
        {
            Turn();
            Now = Next(end);
        }
    }

    /// <summary>Something happens to a run from outside; whatever slot it had is free.</summary>
    public void Happen(VirtualRun run, Signal signal)
    {
        Save();
        run.Decide(signal);
        Waiting.Remove(run);
        Settle(run);
    }

    /// <summary>The desk as it stands, with nobody in its lanes.</summary>
    public SlotDesk EmptyDesk()
    {
        Save();
        return throttle.Fill(Runs.FindAll(run => run.Enrollment.IsOpen), Now, seated: false);
    }

    private SlotDesk Desk => desk ??= throttle.Fill(Runs.FindAll(run => run.Enrollment.IsOpen), Now, seated: true);

    private void Save()
    {
        if (desk is not null)
            throttle.Keep(desk);
        desk = null;
    }

    private void Turn()
    {
        var byId = Runs.Where(run => run.Enrollment.IsOpen).ToDictionary(run => run.Enrollment.Id);
        while (Desk.Release(Now) is { } released)
        {
            var run = byId[released.Run.Run];
            run.Decide(new SlotFreed(Now));
            run.Promise = released.Promise;
            Settle(run);
        }
        for (var due = Due(); due.Count > 0; due = Due())
        {
            foreach (var run in due)
                Arrive(run);
            AcceptAll();
        }
    }

    // Servers answer when all who are due have been asked about.
    private void AcceptAll()
    {
        foreach (var (run, step, byHand) in handed)
        {
            throttle.Accept(run, Now);
            Sends.Add(new(run, step.Id, Now, byHand));
            Waiting.Remove(run);
            run.Promise = null;
            run.Decide(new MessageAccepted(Now, MessageId.New(), step.Id, "250 Ok"));
            Settle(run);
        }
        handed.Clear();
    }

    private List<VirtualRun> Due() => [.. Runs.Where(run => run.Enrollment.NextAt <= Now).OrderBy(run => run.Enrollment.NextAt).ThenBy(run => run.Enrollment.Id.Value)];

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
            Email(run, step);
        else if (step.Kind == StepKind.Reminder)
            run.Decide(new ReminderDue(Now, task));
        else
        {
            run.Decide(new ManualStepDue(Now, task));
            run.Decide(step.Kind == StepKind.ManualEmail ? new DraftSent(Now, Actor.Engine, task) : new TaskCompleted(Now, Actor.Engine, task));
            if (step.Kind == StepKind.ManualEmail)
            {
                Desk.Take(run.Request, Now);
                handed.Add((run, step, true));
            }
        }
        Settle(run);
    }

    private void Email(VirtualRun run, Step step)
    {
        var request = run.Request;
        var answer = Desk.Ask(request, Now);
        var plan = answer as SlotAnswer.Plan;
        var place = run.Enrollment.Position;
        var facts = new GateFacts(
            Now, place.NextAt ?? Now, run.Enrollment, step, run.Schedule, OptedOut: false, SuppressedBy: null, PredecessorDelivered: true, SequencePausedSince: null,
            (answer as SlotAnswer.Wait)?.Full ?? [], plan?.At, MailboxHealth.Healthy, null, null, InboxReadAt: Now, Manual: false, plan);
        var blocking = SendGates.Blocking(SendGates.Evaluate(facts));
        switch (blocking?.Gate)
        {
            case null:
                run.Decide(new StepDue(Now)).Effects.OfType<SendEmail>().ShouldHaveSingleItem();
                Desk.Take(request, Now);
                handed.Add((run, step, false));
                break;
            case Gate.EndDate:
                run.Decide(new Removed(Now, new(ActorKind.Rule, "end_date"), RemovalRule.EndDate));
                break;
            case Gate.Window:
                run.Decide(new StepHeld(Now, blocking.Until!.Value, blocking.Why));
                break;
            case Gate.Throttle when answer is SlotAnswer.Wait wait:
                Desk.Enqueue(request, wait, place.DueAt ?? Now);
                run.Decide(new CapReached(Now, wait.Longest));
                CappedRuns.Add(run);
                Waiting.Add(run);
                break;
            case Gate.Throttle:
                Desk.Promise(request, plan!);
                run.Decide(new StepHeld(Now, plan!.At, blocking.Why));
                run.Promise = plan.At;
                Waiting.Add(run);
                break;
            default:
                throw new InvalidOperationException($"Nothing of this world shuts the gate {blocking.Gate}: {blocking.Why.Sentence}");
        }
    }

    private void Settle(VirtualRun run)
    {
        if (run.Enrollment.IsOpen || run.EndedAt is not null)
            return;
        run.EndedAt = Now;
        Waiting.Remove(run);
        if (run.Enrollment.EmailsSent > 0)
            desk?.Leave(run.Sequence.Id);
    }

    private Instant Next(Instant end)
    {
        var next = end;
        foreach (var run in Runs)
        {
            if (run.Enrollment.NextAt is { } at && at < next)
                next = at;
        }
        foreach (var mailbox in Mailboxes)
        {
            if (Desk.NextLook(mailbox.Id, Now, alsoInVain: false) is { } look && look < next)
                next = look;
        }
        return Instant.Max(next, Now);
    }
}
