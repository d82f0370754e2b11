using NodaTime;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using static Refrain.Core.Enrollments.EnrollmentState;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>One cell of the law: what a signal does in a state.</summary>
internal abstract record Cell
{
    /// <summary>The run moves, into this state.</summary>
    public sealed record To(EnrollmentState State) : Cell;

    /// <summary>The run moves and its state stays: a place, a date, or something beneath a hold has changed.</summary>
    public sealed record Stays : Cell;
    public sealed record Fact : Cell;
    public sealed record NoOp : Cell;
    public sealed record Refused : Cell;

    /// <summary>Cannot happen; if it does all the same, nothing changes and the reason says so.</summary>
    public sealed record Never : Cell;
}

/// <summary>A row of the law. The cells stand in the order Active, Pending, Paused, Paused O3, Failed, silence (Finished, Finished (No Reply)), the other closed states.</summary>
internal sealed record LawRow(string Name, Stage Stage, Signal Signal, params Cell[] Cells)
{
    /// <summary>A correction of what closed the run takes back what led to the state in question.</summary>
    public Signal SignalIn(EnrollmentState state) => Signal is Corrected { Undo: { Signal: SignalKind.Replied } undo } correction ? correction with { Undo = undo with { Made = state } } : Signal;

    public Cell In(EnrollmentState state) => state.IsOpen() ? Cells[(int)state] : state is Finished or FinishedNoReply ? Cells[5] : Cells[6];
    public override string ToString() => Name;
}

/// <summary>The law of the transitions, typed in as data and independent of the code that decides.</summary>
internal static partial class Law
{
    private static readonly Cell Stays = new Cell.Stays();
    private static readonly Cell Fact = new Cell.Fact();
    private static readonly Cell NoOp = new Cell.NoOp();
    private static readonly Cell Refused = new Cell.Refused();
    private static readonly Cell Never = new Cell.Never();
    private static readonly Instant Now = Stage.Now;
    private static readonly Instant Later = Now + Duration.FromDays(5);
    private static readonly Stage Due = new();
    private static readonly Stage InFlight = new() { Spot = Spot.InFlight, PendingSpot = Spot.OpenQuestion };
    private static readonly Stage AtCall = new() { Spot = Spot.OpenCall };
    private static readonly Stage NoStop = new() { Settings = new() { StopOnReply = false } };
    private static readonly Stage Shut = new() { MayBeOpen = false };
    private static readonly Stage Broken = new() { CauseBeneath = FailureCause.Delivery };
    private static readonly Stage Offline = new() { Cause = FailureCause.MailboxDisconnected, CauseBeneath = FailureCause.MailboxDisconnected };
    private static readonly Stage Unknown = new() { Cause = FailureCause.OutcomeUnknown, CauseBeneath = FailureCause.OutcomeUnknown };
    private static readonly Stage Missing = new() { Cause = FailureCause.MissingField, CauseBeneath = FailureCause.MissingField };
    private static readonly EmailAddress NewAddress = EmailAddress.TryParse("kim@elsewhere.test", out var later) ? later : throw new InvalidOperationException();
    private static readonly EmailAddress Address = EmailAddress.TryParse("kim@theirs.test", out var kim) ? kim : throw new InvalidOperationException();

    public static IReadOnlyList<LawRow> Rows { get; } = [.. Clock(), .. Outcomes(), .. People(), .. FromOutside(), .. Ends(), .. Versions(), .. Corrections()];

    private static Cell To(EnrollmentState state) => new Cell.To(state);

    private static IEnumerable<LawRow> Clock() =>
    [
        new("automatic step due, gates pass", Due, new StepDue(Now), Stays, Never, NoOp, NoOp, NoOp, NoOp, NoOp),
        new("step held by a gate until a time", Due, new StepHeld(Now, Later, Why.Of("window_shut", "Shut.")), Stays, NoOp, NoOp, NoOp, NoOp, NoOp, NoOp),
        new("due, a cap is used up", Due with { PendingSpot = Spot.Capped }, new CapReached(Now, new("mailbox_daily", 50, 50, Later)), To(Pending), Stays, NoOp, NoOp, NoOp, NoOp, NoOp),
        new("slot freed", Due with { PendingSpot = Spot.Capped }, new SlotFreed(Now), NoOp, To(Active), NoOp, NoOp, NoOp, NoOp, NoOp),
        new("manual step due: a call", Due with { Spot = Spot.DueCall }, new ManualStepDue(Now, Stage.Task), To(Pending), Never, NoOp, NoOp, NoOp, NoOp, NoOp),
        new("manual step due: a draft", Due with { Spot = Spot.DueDraft }, new ManualStepDue(Now, Stage.Task), To(Pending), Never, NoOp, NoOp, NoOp, NoOp, NoOp),
        new("reminder due", Due with { Spot = Spot.DueReminder }, new ReminderDue(Now, Stage.Task), Stays, Never, NoOp, NoOp, NoOp, NoOp, NoOp),
        new("step stale, policy ask", Due, new StepStale(Now, Duration.FromDays(9), Stage.Task), To(Pending), Never, NoOp, NoOp, NoOp, NoOp, NoOp),
        new("wait for a late reply over", Due with { Spot = Spot.LateReplyWait }, new LateReplyWaitEnded(Now), To(FinishedNoReply), NoOp, NoOp, NoOp, NoOp, NoOp, NoOp),
        new("pause date reached", Due, new PauseEnded(Now), NoOp, NoOp, To(Active), NoOp, NoOp, NoOp, NoOp),
        new("pause date reached, the absence is not over", Due with { AbsenceBeneath = new(Now, Later) }, new PauseEnded(Now), NoOp, NoOp, To(PausedO3), NoOp, NoOp, NoOp, NoOp),
        new("pause date reached, a failure beneath", Broken, new PauseEnded(Now), NoOp, NoOp, To(Failed), NoOp, NoOp, NoOp, NoOp),
        new("absence over", Due with { AbsenceBeneath = new(Now, Now) }, new AbsenceEnded(Now), NoOp, NoOp, Stays, To(Active), NoOp, NoOp, NoOp),
        new("mailbox disconnected, an automatic step due", Due with { PendingSpot = Spot.Capped }, new SenderLost(Now, FailureCause.MailboxDisconnected, null), To(Failed), To(Failed), Stays, Stays, NoOp, NoOp, NoOp),
        new("user deactivated, a task open or an automatic step due", AtCall, new SenderLost(Now, FailureCause.UserDeactivated, null), To(Failed), NoOp, NoOp, NoOp, NoOp, NoOp, NoOp),
        new("mailbox back", Offline, new SenderBack(Now, FailureCause.MailboxDisconnected), NoOp, NoOp, Stays, Stays, To(Active), NoOp, NoOp),
        new("mailbox back, that was not the cause", Broken, new SenderBack(Now, FailureCause.MailboxDisconnected), NoOp, NoOp, NoOp, NoOp, NoOp, NoOp, NoOp),
    ];

    private static IEnumerable<LawRow> Outcomes() =>
    [
        new("message accepted", InFlight with { Cause = FailureCause.OutcomeUnknown }, Accepted(Stage.Second), Stays, To(Active), Stays, Stays, To(Active), Fact, Fact),
        new("message accepted, the last", InFlight with { Spot = Spot.LastInFlight, PendingSpot = Spot.LastOpenQuestion, Cause = FailureCause.OutcomeUnknown }, Accepted(Stage.LastEmail),
            To(FinishedNoReply), To(FinishedNoReply), Stays, Stays, To(FinishedNoReply), Fact, Fact),
        new("message accepted, of another step", InFlight, Accepted(Stage.First), Fact, Fact, Fact, Fact, Fact, Fact, Fact),
        // A message in flight makes the run Active, so while it is Pending a deferral or a stop can only be late.
        new("message deferred", InFlight, new MessageDeferred(Now, Stage.Message, Stage.Second.Id, "451 later"), Stays, Fact, Stays, Stays, Fact, Fact, Fact),
        new("message stopped by the last check", InFlight, new MessageStopped(Now, Stage.Message, Stage.Second.Id, "paused"), Stays, Fact, Stays, Stays, Fact, Fact, Fact),
        new("refused for the address", InFlight, new AddressRefused(Now, Stage.Message, Stage.Second.Id, Address, "550 5.1.1"), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), Fact),
        new("refused for an address that the contact has no more", InFlight with { Address = NewAddress }, new AddressRefused(Now, Stage.Message, Stage.Second.Id, Address, "550 5.1.1"), Stays, Fact, Stays, Stays, Fact, Fact, Fact),
        new("refused otherwise", InFlight, FailedAs(FailureCause.Delivery, Stage.Message), To(Failed), To(Failed), Stays, Stays, Stays, To(Failed), Fact),
        new("refused otherwise, the guards would object", InFlight with { MayBeOpen = false }, FailedAs(FailureCause.Delivery, Stage.Message), To(Failed), To(Failed), Stays, Stays, Stays, Fact, Fact),
        new("merge field missing", Due with { PendingSpot = Spot.OpenQuestion }, FailedAs(FailureCause.MissingField, null), To(Failed), To(Failed), Stays, Stays, Stays, Fact, Fact),
        new("outcome unknown", InFlight, new OutcomeLost(Now, Stage.Message, Stage.Second.Id, "timed out"), To(Failed), To(Failed), Stays, Stays, Fact, Fact, Fact),
    ];

    private static MessageAccepted Accepted(Step step) => new(Now, Stage.Message, step.Id, "250 ok");

    private static StepFailed FailedAs(FailureCause cause, MessageId? message) => new(Now, Stage.Second.Id, cause, "details", message);
}
