using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Throttles;

/// <summary>
/// The throttle on a virtual clock, with all runs of its users: what goes when, if every server accepts and nobody replies, pauses or changes anything.
/// It asks the very desks that the engine asks, and takes the same steps in the same order.
/// </summary>
public sealed partial class SendingOutlook
{
    private readonly List<DeskWatch> _watches;
    private readonly Dictionary<MailboxId, DeskWatch> _watchOf = [];
    private readonly Dictionary<EnrollmentId, OutlookRunner> _runners = [];
    private readonly PriorityQueue<OutlookRunner, (Instant At, Guid Run)> _due = new();
    private readonly List<OutlookRunner> _turn = [];
    private readonly List<(OutlookRunner Runner, Step Step)> _sent = [];
    private readonly List<OutlookEvent> _happened = [];
    private readonly bool _peopleAct;

    /// <summary>The runs at an instant.</summary>
    /// <param name="desks">The throttles of the users; the outlook uses them up.</param>
    /// <param name="runs">All their open runs that go on by themselves.</param>
    /// <param name="now">The instant.</param>
    /// <param name="seated">Those who wait stand in the lanes of the desks already.</param>
    /// <param name="peopleAct">Tasks are done and drafts sent when they come due; else a run ends there as far as the outlook can see.</param>
    public SendingOutlook(IEnumerable<SlotDesk> desks, IEnumerable<OutlookRun> runs, Instant now, bool seated = false, bool peopleAct = false)
    {
        (Now, _peopleAct) = (now, peopleAct);
        _watches = [.. desks.Select(desk => new DeskWatch(desk) { Look = seated ? now : null })];
        foreach (var watch in _watches)
        {
            foreach (var mailbox in watch.Desk.Mailboxes.Keys)
                _watchOf[mailbox] = watch;
        }
        var hours = new Dictionary<Schedule, OpeningTimes>(ReferenceEqualityComparer.Instance);
        foreach (var run in runs)
        {
            if (!hours.TryGetValue(run.Schedule, out var open))
                hours[run.Schedule] = open = new(run.Schedule);
            var runner = _runners[run.Id] = new(run, open, _watchOf.GetValueOrDefault(run.Mailbox));
            if (run.WaitsIn is { } limit && !seated)
                Queue(runner, limit);
            else if (run.WaitsIn is null)
                _due.Enqueue(runner, (run.At, run.Id.Value));
        }
    }

    /// <summary>How far the virtual clock has come.</summary>
    public Instant Now { get; private set; }

    /// <summary>Runs that have neither ended nor got stuck, and their steps: what is left of them lies ahead, or waits for what nobody can foresee.</summary>
    public IEnumerable<(OutlookRun Run, Step Step)> Open => _runners.Values.Select(runner => (runner.Told, runner.Step ?? runner.Told.Sequence.Steps[^1]));

    /// <summary>When something happens next; null when nothing does any more.</summary>
    public Instant? Next
    {
        get
        {
            Instant? next = _due.TryPeek(out _, out var first) ? first.At : null;
            foreach (var watch in _watches)
            {
                if (watch.Look is { } look && !(look >= next))
                    next = look;
            }
            return next;
        }
    }

    /// <summary>What goes out until an instant, in order. It may be asked on from there.</summary>
    public IEnumerable<OutlookEvent.Sent> Sends(Instant until) => Play(until).OfType<OutlookEvent.Sent>();

    /// <summary>All that happens until an instant, in order. It may be asked on from there.</summary>
    public IEnumerable<OutlookEvent> Play(Instant until)
    {
        while (Next is { } next && next <= until)
        {
            Now = Instant.Max(Now, next);
            Turn();
            foreach (var happened in _happened)
                yield return happened;
            _happened.Clear();
        }
    }

    private void Turn()
    {
        foreach (var watch in _watches)
        {
            while (watch.Look <= Now && watch.Desk.Release(Now) is { } released)
                Freed(released);
            if (watch.Look <= Now)
                watch.LookAgain(Now);
        }
        while (_due.TryPeek(out _, out var first) && first.At <= Now)
            TakeUpAll();
    }

    private void TakeUpAll()
    {
        _turn.Clear();
        while (_due.TryPeek(out var runner, out var first) && first.At <= Now)
        {
            _due.Dequeue();
            _turn.Add(runner);
        }
        foreach (var runner in _turn)
            TakeUp(runner);
        Accept();
    }

    // A server's answer takes a moment: whoever is due already comes before what it leads to.
    private void Accept()
    {
        foreach (var (runner, step) in _sent)
            MoveOn(runner, step);
        _sent.Clear();
    }

    private void Freed(Released released)
    {
        var runner = _runners[released.Run.Run];
        (runner.Promise, runner.At, runner.Due) = (released.Promise, Now, Now);
        // He is due from now on, among all others who are.
        if (released.Promise is null)
            Stick(runner, StuckCause.Hours);
        else
            _due.Enqueue(runner, (Now, runner.Told.Id.Value));
    }

    private void Queue(OutlookRunner runner, LaneLimit limit)
    {
        var name = limit switch
        {
            LaneLimit.Sender => LimitNames.MailboxDaily,
            LaneLimit.Sequence => LimitNames.SequenceNewContacts,
            LaneLimit.Domain => LimitNames.DomainDaily,
        };
        runner.Watch!.Desk.Enqueue(runner.Request, new([new(name, 0, 0, null)]), runner.At);
        runner.Watch.Look = Now;
    }
}
