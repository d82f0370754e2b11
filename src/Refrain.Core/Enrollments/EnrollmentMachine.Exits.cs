namespace Refrain.Core.Enrollments;

/// <summary>The ways out. Every exit leaves the place as it was, frozen, so that a correction finds the wait that remained.</summary>
public static partial class EnrollmentMachine
{
    private static Transition Close(Turn turn, HardBounced signal)
    {
        var mark = new MarkAddressBad(signal.Address, signal.Detail);
        return turn.WritesTo(signal.Address)
            ? turn.Move(turn.Run with { Verdict = EnrollmentState.FinishedBounced }, Reasons.HardBounced(signal), mark)
            : turn.Fact(Reasons.FormerAddressBounced(signal), mark);
    }

    private static Transition MarkAddress(Turn turn) => turn.Signal switch
    {
        HardBounced bounce => turn.Fact(Reasons.AfterTheEnd(turn), new MarkAddressBad(bounce.Address, bounce.Detail)),
        AddressRefused refusal => turn.Fact(Reasons.AfterTheEnd(turn), new MarkAddressBad(refusal.Address, refusal.Answer)),
        Signal => turn.Fact(Reasons.AfterTheEnd(turn)),
    };

    private static Transition Reply(Turn turn, Replied signal) => turn.Sequence.Settings.StopOnReply
        ? turn.Move(turn.Run with { Verdict = EnrollmentState.FinishedReplied }, Reasons.Replied(signal))
        : turn.Fact(Reasons.ReplyNoted(signal));

    // Whoever answers himself is back.
    private static Transition ReplyWhileAway(Turn turn, Replied signal) => turn.Sequence.Settings.StopOnReply
        ? Reply(turn, signal)
        : turn.Move(turn.Run with { Absence = null }, Reasons.RepliedWhileAway(signal));

    private static Transition OptOut(Turn turn, OptedOut signal) =>
        turn.Move(turn.Run with { Verdict = EnrollmentState.Unsubscribed }, Reasons.OptedOut(signal), new OptOutContact(signal.Source));

    private static Transition NoteOptOut(Turn turn, OptedOut signal) => turn.Fact(Reasons.OptedOut(signal), new OptOutContact(signal.Source));

    private static Transition Remove(Turn turn, Removed signal) =>
        turn.Move(turn.Run with { Verdict = EnrollmentState.FinishedUnenrolled }, Reasons.Removed(signal));

    private static Transition RemoveClosed(Turn turn, Removed signal) => signal.Rule switch
    {
        RemovalRule.User => turn.Refuse(Reasons.Closed(turn)),
        RemovalRule.Suppressed or RemovalRule.ContactDeleted or RemovalRule.EndDate or RemovalRule.DealClosed or RemovalRule.CallOutcome
            or RemovalRule.MeetingBooked => turn.Fact(Reasons.Removed(signal)),
    };

    private static Transition MarkNoReply(Turn turn, MarkedNoReply signal) =>
        turn.Move(turn.Run with { Verdict = turn.Silence }, Reasons.MarkedNoReply(signal, turn.Silence));
}
