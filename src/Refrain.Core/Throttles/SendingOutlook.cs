using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Throttles;

/// <summary>An open run as the outlook takes it up.</summary>
/// <param name="Id">The run.</param>
/// <param name="Mailbox">Where it sends from.</param>
/// <param name="Sequence">The version that it runs through.</param>
/// <param name="Step">Its current step.</param>
/// <param name="Schedule">The contact's hours.</param>
/// <param name="Domain">The recipient's domain.</param>
/// <param name="At">When it is taken up; for one that waits for a slot, when its step came due.</param>
/// <param name="HasSent">A message of it was accepted before.</param>
/// <param name="Approved">A person let its current email go.</param>
/// <param name="WaitsIn">The limit that it waits for; null when it waits for its time.</param>
/// <param name="Promise">The slot that was promised to it.</param>
public sealed record OutlookRun(
    EnrollmentId Id, MailboxId Mailbox, Sequence Sequence, StepId Step, Schedule Schedule, string Domain, Instant At, bool HasSent,
    bool Approved = false, LaneLimit? WaitsIn = null, Instant? Promise = null)
{
    /// <summary>All its steps are done; only the wait for a late reply is left.</summary>
    public bool Through { get; init; }

    /// <summary>Its email was deferred before.</summary>
    public bool IsRetry { get; init; }

    /// <summary>When its step came due, where that is not <see cref="At"/>: it is let through in this order.</summary>
    public Instant? Due { get; init; }

    /// <summary>Its message is with the server, and counted: it is taken to be accepted.</summary>
    public bool UnderWay { get; init; }
}

/// <summary>A message that goes out if nothing intervenes.</summary>
public sealed record Foreseen(EnrollmentId Run, StepId Step, Instant At);

/// <summary>
/// The throttle on a virtual clock, with all runs of a user: what goes when, if every server accepts and nobody replies, pauses or changes anything.
/// It asks the very desk that the engine asks, and takes the same steps in the same order.
/// </summary>
public sealed class SendingOutlook
{
    private readonly SlotDesk _desk;
    private readonly Dictionary<EnrollmentId, OutlookRun> _runs = [];
    private readonly PriorityQueue<EnrollmentId, (Instant At, Guid Run)> _due = new();
    private Instant? _look;

    /// <summary>The runs at an instant.</summary>
    /// <param name="desk">The throttle; the outlook uses it up.</param>
    /// <param name="runs">All open runs of the user that send by themselves.</param>
    /// <param name="now">The instant.</param>
    /// <param name="seated">Those who wait stand in the lanes of the desk already.</param>
    public SendingOutlook(SlotDesk desk, IEnumerable<OutlookRun> runs, Instant now, bool seated = false)
    {
        _look = seated ? now : null;
        (_desk, Now) = (desk, now);
        foreach (var run in runs)
        {
            _runs[run.Id] = run;
            if (run.WaitsIn is { } limit && !seated)
                Queue(run, limit);
            else if (run.WaitsIn is null)
                _due.Enqueue(run.Id, (run.At, run.Id.Value));
        }
    }

    /// <summary>How far the virtual clock has come.</summary>
    public Instant Now { get; private set; }

    /// <summary>What goes out until an instant, in order. It may be asked on from there.</summary>
    public IEnumerable<Foreseen> Play(Instant until)
    {
        while (NextEvent() is { } next && next <= until)
        {
            Now = Instant.Max(Now, next);
            while (_look <= Now && _desk.Release(Now) is { } released)
            {
                if (Freed(released) is { } sent)
                    yield return sent;
            }
            if (_look <= Now)
                _look = NextLook();
            while (_due.TryPeek(out var id, out var first) && first.At <= Now)
            {
                _due.Dequeue();
                if (TakeUp(_runs[id]) is { } sent)
                    yield return sent;
            }
        }
    }

    private Instant? NextEvent()
    {
        Instant? due = _due.TryPeek(out _, out var first) ? first.At : null;
        return due is null ? _look : _look is null ? due : Instant.Min(due.Value, _look.Value);
    }

    private Foreseen? Freed(Released released)
    {
        var run = _runs[released.Run.Run] with { WaitsIn = null, Promise = released.Promise, At = Now, Due = Now };
        _runs[run.Id] = run;
        return released.Promise is null ? null : TakeUp(run);
    }

    private Foreseen? TakeUp(OutlookRun run)
    {
        if (run.Through)
            return End(run);
        var step = run.Sequence.Find(run.Step)!;
        return step.Kind switch
        {
            StepKind.Email => Send(run, step),
            StepKind.ManualEmail when run.Approved => Send(run, step),
            StepKind.ManualEmail or StepKind.Call or StepKind.Todo => null,
            StepKind.Reminder => MoveOn(run, step),
        };
    }

    private Foreseen? Send(OutlookRun run, Step step)
    {
        if (run.UnderWay)
        {
            MoveOn(run with { HasSent = true, UnderWay = false }, step);
            return new(run.Id, step.Id, Now);
        }
        if (!NextSlot.IsOpen(Now, run.Schedule))
            return Postpone(run, NextSlot.At(Now, step.At, run.Schedule), promise: null);
        var request = RequestOf(run);
        switch (_desk.Ask(request, Now))
        {
            case SlotAnswer.Plan plan:
                _desk.Promise(request, plan);
                return Postpone(run, plan.At, plan.At);
            case SlotAnswer.Wait wait:
                var lane = _desk.Enqueue(request, wait, run.Due ?? run.At);
                _runs[run.Id] = run with { WaitsIn = lane.Limit, Promise = null };
                // Behind others in the lane it changes nothing about when the first of them may go.
                if (_desk.Mailboxes[run.Mailbox].Lanes[lane].HasOne)
                    Look(wait.Longest, run.Mailbox);
                return null;
            default:
                _desk.Take(request, Now);
                Accepted(run);
                MoveOn(run with { HasSent = true }, step);
                return new(run.Id, step.Id, Now);
        }
    }

    private Foreseen? Postpone(OutlookRun run, Instant? until, Instant? promise)
    {
        if (until is { } at)
        {
            _runs[run.Id] = run with { At = at, Promise = promise, Due = run.Due ?? run.At };
            _due.Enqueue(run.Id, (at, run.Id.Value));
        }
        return null;
    }

    private Foreseen? MoveOn(OutlookRun run, Step step)
    {
        if (run.Sequence.After(step.Id) is not { } after)
            return Postpone(run with { Through = true }, NextSlot.DelayEnds(Now, run.Sequence.Settings.LateReplyWait, run.Schedule), promise: null);
        var due = NextSlot.At(NextSlot.DelayEnds(Now, after.Delay, run.Schedule), after.At, run.Schedule);
        return Postpone(run with { Step = after.Id, Approved = false, IsRetry = false, Due = due }, due, promise: null);
    }

    private Foreseen? End(OutlookRun run)
    {
        _runs.Remove(run.Id);
        if (run.HasSent && _desk.Leave(run.Sequence.Id))
            _look = Now;
        return null;
    }

    // What the server's answer does to a provider that had asked for less.
    private void Accepted(OutlookRun run)
    {
        var providers = _desk.Mailboxes[run.Mailbox].Providers;
        if (!providers.TryGetValue(run.Domain, out var provider))
            return;
        if (provider.Accepted() is { } better)
            providers[run.Domain] = better;
        else
            providers.Remove(run.Domain);
    }

    private void Queue(OutlookRun run, LaneLimit limit)
    {
        var name = limit switch
        {
            LaneLimit.Sender => LimitNames.MailboxDaily,
            LaneLimit.Sequence => LimitNames.SequenceNewContacts,
            LaneLimit.Domain => LimitNames.DomainDaily,
        };
        _desk.Enqueue(RequestOf(run), new([new(name, 0, 0, null)]), run.At);
        _look = Now;
    }

    private void Look(CapUse cap, MailboxId mailbox)
    {
        var at = _desk.NextLook(mailbox, Now, alsoInVain: false) ?? cap.ReleaseAt;
        if (at is { } next)
            _look = _look is { } look ? Instant.Min(look, next) : next;
    }

    private Instant? NextLook() =>
        _desk.Mailboxes.Keys.Select(mailbox => _desk.NextLook(mailbox, Now, alsoInVain: false)).Where(look => look is not null).Min() is { } next ? Instant.Max(next, Now) : null;

    private static SlotRequest RequestOf(OutlookRun run) => new(
        run.Id, run.Mailbox, run.Sequence, run.HasSent ? SlotKind.FollowUp : SlotKind.FirstStep, run.Domain, run.Schedule,
        run.Promise == run.At ? run.Promise : null, run.IsRetry);
}
