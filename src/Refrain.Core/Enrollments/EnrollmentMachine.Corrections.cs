using NodaTime;
using Refrain.Core.Inbound;

namespace Refrain.Core.Enrollments;

/// <summary>
/// A person says that a message was misread. What it did to the run is taken back: the run stands where it stood, and the wait that remained runs from now.
/// What the message really is comes as a signal of its own, in the same transaction.
/// </summary>
public static partial class EnrollmentMachine
{
    private static Transition Correct(Turn turn, Corrected signal)
    {
        if (signal.Undo is not { } undo)
            return turn.Fact(Reasons.Corrected(signal));
        if (undo.Signal == SignalKind.SoftBounced && turn.Run.Failure?.Since == undo.DoneAt)
            return Undelivered(turn, signal, undo);
        // A reply that ended an absence, even if another has begun since; an answer that began or moved one, unless a user has resumed since.
        var before = StillAway(undo.Before.Absence, turn.At);
        var absence = undo.Signal == SignalKind.Replied ? before ?? turn.Run.Absence
            : undo.Signal == SignalKind.AbsenceStarted && turn.Run.Absence is not null ? before
            : turn.Run.Absence;
        return absence == turn.Run.Absence
            ? turn.Fact(Reasons.Corrected(signal))
            : turn.Move(turn.Run with { Absence = absence }, Reasons.Corrected(signal));
    }

    private static Transition CorrectClosed(Turn turn, Corrected signal)
    {
        if (signal.Undo is not { } undo || turn.Run.Rejected || undo.Made != turn.Run.State || undo.Before.Verdict == undo.Made)
            return turn.Fact(Reasons.Corrected(signal));
        if (signal.Overtaken is { } later)
            return later == turn.Run.State
                ? turn.Fact(Reasons.CorrectedButOvertaken(signal, later))
                : turn.Move(turn.Run with { Verdict = later }, Reasons.CorrectedButOvertaken(signal, later));
        if (undo.Before.Verdict is { } silence)
            return turn.Move(turn.Run with { Verdict = silence }, Reasons.Corrected(signal));
        return turn.Facts.MayBeOpen || EndsAtOnce(turn, signal)
            ? turn.Move(AsItWas(turn, signal, undo), Reasons.Corrected(signal), new ReopenTasks(undo.DoneAt, undo.Before.Position.Task))
            : turn.Refuse(Reasons.CorrectionBlocked(turn));
    }

    /// <summary>The true reading closes the run again before anybody sees it open.</summary>
    private static bool EndsAtOnce(Turn turn, Corrected signal) =>
        signal.Is is InboundClass.Unsubscribe or InboundClass.Complaint || (signal.Is == InboundClass.Reply && turn.Sequence.Settings.StopOnReply);

    // The report was about something else: the message stands as delivered.
    private static Transition Undelivered(Turn turn, Corrected signal, Undo undo)
    {
        var next = turn.Run with { Verdict = undo.Before.Verdict, Failure = undo.Before.Failure, Position = Rested(undo) };
        return turn.Move(next, Reasons.Corrected(signal), new RestoreMessage(turn.Place.Step!.Value), new ReopenTasks(undo.DoneAt, undo.Before.Position.Task));
    }

    private static Enrollment AsItWas(Turn turn, Corrected signal, Undo undo)
    {
        var before = undo.Before;
        var absence = StillAway(before.Absence, turn.At) ?? HeldBy(signal.Away, turn.Sequence, turn.Facts.Schedule, turn.At);
        var run = turn.Run with
        {
            Verdict = null, Pause = before.Pause?.Until <= turn.At ? null : before.Pause, Absence = absence, Failure = before.Failure, Position = before.Position,
        };
        return before.Position.Phase == Phase.Sending || before.Failure?.Cause == FailureCause.OutcomeUnknown
            ? Landed(turn with { Run = run }, undo)
            : run with { Position = Rested(undo) };
    }

    /// <summary>What became of the message that was in flight when the run was closed.</summary>
    private static Enrollment Landed(Turn turn, Undo undo) => turn.Facts.Fate switch
    {
        MessageFate.Accepted => Delivered(turn) with { Failure = null },
        MessageFate.Unknown => turn.Run with { Position = Rested(undo), Failure = turn.IsUnknown ? turn.Run.Failure : new(FailureCause.OutcomeUnknown, null, turn.At) },
        MessageFate.Refused => turn.Run with { Position = Rested(undo), Failure = new(FailureCause.Delivery, null, turn.At) },
        MessageFate.Open => turn.Facts.Intent == IntentStage.Handed ? turn.Run : turn.Run with { Position = Rested(undo) },
        MessageFate.None or MessageFate.Again => turn.Run with { Position = Rested(undo) },
    };

    /// <summary>The place as a hold that began with the misreading would have frozen it.</summary>
    private static Position Rested(Undo undo)
    {
        var place = undo.Before.Position;
        return place.Phase switch
        {
            Phase.Waiting => place.Remaining is null ? Settlement.Rest(place, undo.DoneAt, (place.DelayEnds ?? undo.DoneAt) - undo.DoneAt) : place,
            Phase.Capped or Phase.Sending => Settlement.Rest(place, undo.DoneAt, Duration.Zero),
            Phase.AtTask => place,
        };
    }
}
