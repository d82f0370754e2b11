using CsCheck;
using NodaTime;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>One event of a random life, not yet bound to a run.</summary>
internal sealed record Event(SignalKind Kind, int Choice, int Minutes, bool HandOver)
{
    private static readonly EmailAddress Address = EmailAddress.TryParse("kim@theirs.test", out var kim) ? kim : throw new InvalidOperationException();

    /// <summary>The signal as this run would get it: mostly about its current step and task, sometimes about others, sometimes too early.</summary>
    public Signal For(World world)
    {
        var (now, by, place) = (world.Now, Actor.User(UserId.New()), world.Run.Position);
        var any = world.Sequence.Steps[Choice % world.Sequence.Steps.Count].Id;
        var step = Choice % 4 == 0 ? any : place.Step ?? any;
        var (odd, task, until) = (Choice % 2 == 1, place.Task ?? TaskId.New(), now + Duration.FromHours(Choice));
        var cause = Choice % 3 == 0 ? FailureCause.UserDeactivated : FailureCause.MailboxDisconnected;
        return Kind switch
        {
            SignalKind.StepDue => new StepDue(now),
            SignalKind.StepHeld => new StepHeld(now, until, Why.Of("window_shut", "Shut.")),
            SignalKind.CapReached => new CapReached(now, new("mailbox_daily", 50, 50, until)),
            SignalKind.SlotFreed => new SlotFreed(now),
            SignalKind.ManualStepDue => new ManualStepDue(now, TaskId.New()),
            SignalKind.ReminderDue => new ReminderDue(now, TaskId.New()),
            SignalKind.MessageAccepted => new MessageAccepted(now, MessageId.New(), step, "250"),
            SignalKind.MessageDeferred => new MessageDeferred(now, MessageId.New(), step, "451"),
            SignalKind.MessageStopped => new MessageStopped(now, MessageId.New(), step, "stopped"),
            SignalKind.AddressRefused => new AddressRefused(now, MessageId.New(), step, Address, "550"),
            SignalKind.StepFailed => new StepFailed(now, step, odd ? FailureCause.MissingField : FailureCause.Sender, null, odd ? null : MessageId.New()),
            SignalKind.OutcomeLost => new OutcomeLost(now, MessageId.New(), step, "lost"),
            SignalKind.TaskCompleted => new TaskCompleted(now, by, task, Choice % 5 == 0 ? "not_interested" : null),
            SignalKind.TaskSkipped => new TaskSkipped(now, by, task),
            SignalKind.DraftSent => new DraftSent(now, by, task),
            SignalKind.StepSkipped => new StepSkipped(now, by),
            SignalKind.Paused => new Paused(now, by, odd ? until : null),
            SignalKind.Resumed => new Resumed(now, by, Choice % 3 == 0 ? until : null),
            SignalKind.PauseEnded => new PauseEnded(now),
            SignalKind.AbsenceStarted => new AbsenceStarted(now, Choice % 5 == 0 ? null : until, odd && Choice % 5 != 0),
            SignalKind.AbsenceEnded => new AbsenceEnded(now),
            SignalKind.SoftBounced => new SoftBounced(now, world.Facts.LatestSentStep ?? step, FailureCause.Delivery, null),
            SignalKind.NoticeReceived => new NoticeReceived(now, "receipt", null),
            SignalKind.HardBounced => new HardBounced(now, Address, null, odd),
            SignalKind.Retried => new Retried(now, by, (Choice % 3) switch { 0 => null, 1 => UnknownResolution.Resend, _ => UnknownResolution.Delivered }),
            SignalKind.CauseCleared => new CauseCleared(now, by, world.Run.Failure?.Cause ?? cause),
            SignalKind.Replied => new Replied(now, odd),
            SignalKind.OptedOut => new OptedOut(now, Actor.Contact, OptOutSource.Link, odd),
            SignalKind.Removed => new Removed(now, by, odd ? RemovalRule.User : RemovalRule.DealClosed),
            SignalKind.MarkedNoReply => new MarkedNoReply(now, by),
            SignalKind.LateReplyWaitEnded => new LateReplyWaitEnded(now),
            SignalKind.SenderLost => new SenderLost(now, cause, null),
            SignalKind.SenderBack => new SenderBack(now, world.Run.Failure?.Cause ?? cause),
            SignalKind.Corrected => new Corrected(now, by, MessageId.New(), InboundClass.Reply, odd ? InboundClass.Other : InboundClass.Reply, world.Undo, Choice % 7 == 0 ? EnrollmentState.Unsubscribed : null),
            SignalKind.StepStale => new StepStale(now, Duration.FromDays(6), TaskId.New()),
            SignalKind.SenderChanged => new SenderChanged(now, by, UserId.New(), MailboxId.New()),
            SignalKind.MovedToVersion => new MovedToVersion(now, by, NextVersion(world.Sequence)),
        };
    }

    /// <summary>One step less, or one more somewhere; or the steps turned round.</summary>
    private Sequence NextVersion(Sequence before)
    {
        var steps = before.Steps.ToList();
        switch (Choice % 4)
        {
            case 0: steps.Insert(Choice % (steps.Count + 1), steps[0] with { Id = StepId.New() }); break;
            case 1: steps.Reverse(); break;
            default: if (steps.Count > 1) steps.RemoveAt(Choice % steps.Count); break;
        }
        return before with { Version = before.Version + 1, Steps = [.. steps.Select((step, index) => step with { Number = index + 1 })] };
    }
}

/// <summary>Random sequences and what happens to their runs.</summary>
internal static class RandomLives
{
    private static readonly SignalKind[] Kinds = Enum.GetValues<SignalKind>();

    /// <summary>Ends come seldom, so that lives are long; what drives a run comes often.</summary>
    private static readonly SignalKind[] Weighted =
    [
        .. Kinds, .. Kinds.Where(kind => kind is not (SignalKind.HardBounced or SignalKind.OptedOut or SignalKind.Removed or SignalKind.MarkedNoReply or SignalKind.AddressRefused or SignalKind.Replied)),
        .. Enumerable.Repeat(new[] { SignalKind.StepDue, SignalKind.ManualStepDue, SignalKind.ReminderDue, SignalKind.MessageAccepted, SignalKind.TaskCompleted, SignalKind.Resumed }, 4).SelectMany(kinds => kinds),
    ];

    public static Gen<Event> Events { get; } = Gen.Select(
        AnyOf(Weighted), Gen.Int[0, 100], Gen.Frequency((3, Gen.Int[0, 10]), (2, Gen.Int[0, 4000])), Gen.Bool,
        (kind, choice, minutes, handOver) => new Event(kind, choice, minutes, handOver));

    public static Gen<Sequence> Sequences { get; } = Gen.Select(
        Gen.Select(AnyOf(Enum.GetValues<StepKind>()), Gen.Int[0, 3], AnyOf(Enum.GetValues<DelayUnit>())).Array[1, 6], Gen.Bool, Gen.Int[0, 2],
        (steps, stops, wait) => new Sequence(
            SequenceId.New(), 1, "Random", new() { StopOnReply = stops, LateReplyWait = new(wait, DelayUnit.Days) }, [.. steps.Select((step, index) => StepOf(index + 1, step))]));

    private static Gen<T> AnyOf<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Step StepOf(int number, (StepKind Kind, int Delay, DelayUnit Unit) draft) => new(
        StepId.New(), number, draft.Kind, new(draft.Delay, draft.Unit), Email: new("Hello", "Text", null), Title: "A title",
        Outcomes: new Dictionary<string, OutcomeAction> { ["not_interested"] = OutcomeAction.Unenroll });
}
