using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Throttles;

/// <summary>What happens to one run whose time has come.</summary>
public sealed partial class SendingOutlook
{
    private void TakeUp(OutlookRunner runner)
    {
        if (runner.Step is not { } step)
        {
            End(runner);
            return;
        }
        switch (step.Kind)
        {
            case StepKind.Email when RestOf(runner) is { } rests:
                GiveUp(runner, rests);
                break;
            case StepKind.Email:
            case StepKind.ManualEmail when runner.Approved || runner.UnderWay:
                Send(runner, step);
                break;
            case StepKind.ManualEmail when _peopleAct:
                SendByHand(runner, step);
                break;
            case StepKind.Reminder:
                MoveOn(runner, step);
                break;
            case StepKind.Call or StepKind.Todo when _peopleAct:
                MoveOn(runner, step);
                break;
            case StepKind.ManualEmail or StepKind.Call or StepKind.Todo:
                break;
        }
    }

    private Instant? RestOf(OutlookRunner runner) =>
        !runner.UnderWay && ContactRest.Concerns(runner.Told.Sequence) ? runner.Told.Rest?.Until(Now) : null;

    private void Send(OutlookRunner runner, Step step)
    {
        if (runner.UnderWay)
            GoOut(runner, step);
        else if (runner.Watch is not { } watch)
            Stick(runner, StuckCause.NoSender);
        else if (!runner.Hours.IsOpen(Now))
            GiveUp(runner, NextSlot.At(Now, step.At, runner.Hours.Schedule));
        else
            Ask(runner, step, watch);
    }

    // He cannot go now, whatever he was promised: others may have his slot.
    private void GiveUp(OutlookRunner runner, Instant? until)
    {
        if (runner is { Request: { Promise: not null } request, Watch: { } watch })
        {
            watch.Desk.GiveUp(request);
            watch.Look = Now;
        }
        Postpone(runner, until, promise: null);
    }

    private void Ask(OutlookRunner runner, Step step, DeskWatch watch)
    {
        var request = runner.Request;
        switch (watch.Desk.Ask(request, Now))
        {
            case SlotAnswer.Plan plan:
                watch.Desk.Promise(request, plan);
                Wait(runner);
                Postpone(runner, plan.At, plan.At);
                break;
            case SlotAnswer.Wait wait:
                var lane = watch.Desk.Enqueue(request, wait, runner.Due ?? runner.At);
                Wait(runner);
                runner.Promise = null;
                // Who gives up a slot may leave it to anybody of his user. Behind others in the lane nothing changes about when the first of them may go.
                if (request.Promise is not null)
                    watch.Look = Now;
                else if (watch.Desk.Mailboxes[request.Mailbox].Lanes[lane].HasOne)
                    watch.LookFor(wait.Longest, request.Mailbox, Now);
                break;
            default:
                watch.Desk.Take(request, Now);
                watch.Desk.Accepted(request.Mailbox, request.Domain);
                GoOut(runner, step);
                break;
        }
    }

    // Counted under every cap, and held by none.
    private void SendByHand(OutlookRunner runner, Step step)
    {
        if (runner.Watch is not { } watch)
        {
            Stick(runner, StuckCause.NoSender);
            return;
        }
        watch.Desk.Take(runner.Request, Now);
        GoOut(runner, step);
    }

    private void GoOut(OutlookRunner runner, Step step)
    {
        _happened.Add(new OutlookEvent.Sent(runner.Told, step.Id, Now, runner.IsWaiting));
        runner.Told.Rest?.Mail(Now);
        (runner.HasSent, runner.UnderWay, runner.IsWaiting) = (true, false, false);
        _sent.Add((runner, step));
    }

    private void Wait(OutlookRunner runner)
    {
        if (!runner.IsWaiting)
            _happened.Add(new OutlookEvent.Waits(runner.Told, Now));
        runner.IsWaiting = true;
    }

    private void Postpone(OutlookRunner runner, Instant? until, Instant? promise)
    {
        if (until is not { } at)
        {
            Stick(runner, StuckCause.Hours);
            return;
        }
        runner.Due ??= runner.At;
        (runner.At, runner.Promise) = (at, promise);
        _due.Enqueue(runner, (at, runner.Told.Id.Value));
    }

    private void MoveOn(OutlookRunner runner, Step step)
    {
        var (sequence, schedule) = (runner.Told.Sequence, runner.Hours.Schedule);
        runner.Step = sequence.After(step.Id);
        if (runner.Step is { } after)
        {
            var ends = NextSlot.DelayEnds(Now, after.Delay, schedule);
            var due = after.At is { } time ? NextSlot.At(ends, time, schedule) : runner.Hours.NextOpen(ends);
            (runner.Approved, runner.IsRetry, runner.Due) = (false, false, due);
            Postpone(runner, due, promise: null);
        }
        else if (sequence.Settings.LateReplyWait is { Value: > 0 } wait)
            Postpone(runner, NextSlot.DelayEnds(Now, wait, schedule), promise: null);
        else
            End(runner);
    }

    private void End(OutlookRunner runner)
    {
        Leave(runner);
        _happened.Add(new OutlookEvent.Ended(runner.Told, Now));
    }

    private void Stick(OutlookRunner runner, StuckCause cause)
    {
        Leave(runner);
        _happened.Add(new OutlookEvent.Stuck(runner.Told, runner.Step ?? runner.Told.Sequence.Steps[^1], Now, cause, runner.IsWaiting));
    }

    // Its place among those who are live at once is free for anybody, whoever's mailbox it was.
    private void Leave(OutlookRunner runner)
    {
        _runners.Remove(runner.Told.Id);
        if (!runner.HasSent || runner.Watch?.Desk.Leave(runner.Told.Sequence.Id) != true)
            return;
        foreach (var watch in _watches)
            watch.Look = Now;
    }
}
