using NodaTime;

namespace Refrain.Core.Enrollments;

/// <summary>Pauses by users and absences of contacts. Both lie over the run and can lie over each other; the run is free when the last is gone.</summary>
public static partial class EnrollmentMachine
{
    private static Transition Pause(Turn turn, Paused signal)
    {
        if (signal.Until <= signal.At)
            return turn.Refuse(Reasons.DatePassed(turn, signal.Until!.Value));
        var pause = new Hold(turn.Run.Pause?.Since ?? signal.At, signal.Until);
        return turn.Move(turn.Run with { Pause = pause }, Reasons.Paused(turn, signal.Until));
    }

    private static Transition Resume(Turn turn, Resumed signal)
    {
        var despite = turn.Run.Pause is null ? null : StillAway(turn.Run.Absence, signal.At);
        return turn.Move(
            turn.Run with { Pause = null, Absence = null, Position = RunAt(turn.Place, signal) }, Reasons.Resumed(turn, signal.RunAt, despite));
    }

    private static Position RunAt(Position place, Resumed signal) => signal.RunAt is { } runAt && place is { Phase: Phase.Waiting, Step: not null }
        ? place with { Remaining = Duration.Max(Duration.Zero, runAt - signal.At), DueAt = Instant.Max(runAt, signal.At) }
        : place;

    private static Transition EndPause(Turn turn) => turn.Run.Pause?.Until <= turn.At
        ? turn.Move(turn.Run with { Pause = null, Absence = StillAway(turn.Run.Absence, turn.At) }, Reasons.PauseOver(turn))
        : turn.NoOp();

    private static Transition StartAbsence(Turn turn, AbsenceStarted signal)
    {
        var absence = turn.Sequence.Settings.PauseOnOutOfOffice ? AwayAfter(turn.Run.Absence, signal) : turn.Run.Absence;
        return absence is null || absence == turn.Run.Absence
            ? turn.Fact(Reasons.AbsenceNoted(turn, signal))
            : turn.Move(turn.Run with { Absence = absence }, Reasons.Away(turn, absence, signal.Message));
    }

    /// <summary>The absence that is known once another answer has told of one, over what was known before.</summary>
    public static Hold? AwayAfter(Hold? known, AbsenceStarted said)
    {
        if (said.Until <= said.At)
            return known;
        return StillAway(known, said.At) is { } lasting ? Merge(lasting, said) : new(said.At, said.Until, said.Dated);
    }

    /// <summary>
    /// What the known absence of a person holds in a run of this sequence; null when nothing. An answer without a date holds each run by the wait of its own sequence: it
    /// is stored without an end where one of them waits for a user.
    /// </summary>
    public static Hold? HeldBy(Hold? away, Sequences.Sequence sequence, Schedules.Schedule schedule, Instant at)
    {
        if (away is null || !sequence.Settings.PauseOnOutOfOffice)
            return null;
        var until = away.Until ?? (sequence.Settings.ResumeAfter is { } wait ? Schedules.NextSlot.DelayEnds(away.Since, wait, schedule) : null);
        return until <= at ? null : away with { Until = until };
    }

    /// <summary>The later end stands. A guess never moves what the contact stated, and what he states ends a wait without an end.</summary>
    private static Hold Merge(Hold known, AbsenceStarted signal)
    {
        if (known.Dated && !signal.Dated)
            return known;
        var later = known.Until is { } until ? signal.Until is null || signal.Until > until : signal.Dated;
        return later ? known with { Until = signal.Until, Dated = signal.Dated } : known;
    }

    private static Transition EndAbsence(Turn turn) => turn.Run.Absence?.Until <= turn.At
        ? turn.Move(turn.Run with { Absence = null }, Reasons.AbsenceOver(turn))
        : turn.NoOp();

    private static Hold? StillAway(Hold? absence, Instant at) => absence?.Until <= at ? null : absence;
}
