using NodaTime;
using Refrain.Core.Inbound;

namespace Refrain.Core.Enrollments;

/// <summary>The sentences about ends and refusals. A refusal names the state and why.</summary>
internal static partial class Reasons
{
    public static Why AddressRefused(AddressRefused signal) => Why.Of(
        "address_refused", "The receiving server says that this address does not exist.", ("answer", signal.Answer), ("message", signal.Message.ToString()));

    public static Why HardBounced(HardBounced signal) => Why.Of(
        "hard_bounce", $"A report came in that {signal.Address} cannot be reached.",
        ("address", signal.Address.ToString()), ("detail", signal.Detail), ("message", signal.Message?.ToString()));

    public static Why FormerAddressRefused(AddressRefused signal) => Why.Of(
        "former_address_refused", $"The receiving server says that {signal.Address} does not exist. The contact has another address by now.",
        ("address", signal.Address.ToString()), ("answer", signal.Answer), ("message", signal.Message.ToString()));

    public static Why FormerAddressBounced(HardBounced signal) => Why.Of(
        "former_address_bounced", $"A report came in that {signal.Address} cannot be reached. The contact has another address by now.",
        ("address", signal.Address.ToString()), ("detail", signal.Detail), ("message", signal.Message?.ToString()));

    public static Why Replied(Replied signal) => Why.Of("replied", "The contact replied.", ("message", signal.Message?.ToString()));

    public static Why ReplyNoted(Replied signal) =>
        Why.Of("reply_noted", "The contact replied; this sequence does not stop on replies.", ("message", signal.Message?.ToString()));

    public static Why RepliedWhileAway(Replied signal) =>
        Why.Of("replied_while_away", "The contact replied, so he is back; this sequence does not stop on replies.", ("message", signal.Message?.ToString()));

    public static Why OptedOut(OptedOut signal) => Why.Of(
        signal.Source == OptOutSource.Complaint ? "complaint" : "unsubscribed",
        signal.Source switch
        {
            OptOutSource.Link => "The contact unsubscribed by the link in an email.",
            OptOutSource.OneClick => "The contact unsubscribed by his mail program's button.",
            OptOutSource.MailTo => "The contact unsubscribed by email.",
            OptOutSource.Reply => "The contact asked in a reply to get no more email.",
            OptOutSource.Complaint => "The contact marked an email as spam.",
            OptOutSource.User => "A user unsubscribed this contact.",
            OptOutSource.Api => "A connected system unsubscribed this contact.",
        },
        ("source", signal.Source.WireName()), ("message", signal.Message?.ToString()));

    public static Why Removed(Removed signal) => Why.Of(
        signal.Rule.WireName(),
        signal.Rule switch
        {
            RemovalRule.User => $"{Who(signal.By)} took the contact out of the sequence.",
            RemovalRule.Suppressed => "The address or its domain was suppressed.",
            RemovalRule.ContactDeleted => "The contact was deleted.",
            RemovalRule.EndDate => "The sequence has ended.",
            RemovalRule.DealClosed => "A deal with the contact was closed.",
            RemovalRule.CallOutcome => "The outcome of a call takes the contact out of the sequence.",
            RemovalRule.MeetingBooked => "A meeting with the contact was booked.",
        },
        ("detail", signal.Detail));

    public static Why MarkedNoReply(MarkedNoReply signal, EnrollmentState end) => end == EnrollmentState.FinishedNoReply
        ? Why.Of("marked_no_reply", $"{Who(signal.By)} closed this run: nobody replied.")
        : Why.Of("marked_finished", $"{Who(signal.By)} closed this run.");

    public static Why Corrected(Corrected signal) => Why.Of("corrected", Correction(signal), Readings(signal));

    public static Why CorrectedButOvertaken(Corrected signal, EnrollmentState later) => Why.Of(
        "corrected_but_overtaken", $"{Correction(signal)} Something that came later counts all the same: {later.DisplayName()}.", Readings(signal));

    public static Why CorrectionBlocked(Turn turn) => Why.Of(
        "correction_blocked", $"This run is {turn.Run.State.DisplayName()} and cannot be opened again: the contact has been enrolled since in a run that does not allow it.",
        [.. States(turn), ("blocking", turn.Facts.BlockedBy?.ToString())]);

    public static Why AfterTheEnd(Turn turn) => Why.Of(
        "after_the_end", $"News came after the end: {Words(turn.Signal.Kind.WireName())}. The run stays {turn.Run.State.DisplayName()}.",
        ("signal", turn.Signal.Kind.WireName()), ("state", turn.Run.State.WireName()));

    public static Why NoChange(Turn turn) => Why.Of(
        "no_change", $"{Words(turn.Signal.Kind.WireName())} means nothing to a run that is {turn.Run.State.DisplayName()}.", States(turn));

    public static Why CannotHappen(Turn turn) => Why.Of(
        "cannot_happen", $"{Words(turn.Signal.Kind.WireName())} cannot happen to a run that is {turn.Run.State.DisplayName()}; it is ignored.", States(turn));

    public static Why Closed(Turn turn) => Refusal(turn, "closed", "it has ended, and this cannot be done any more");
    public static Why NoOpenTask(Turn turn) => Refusal(turn, "no_open_task", "this draft or task is not open");
    public static Why NotADraft(Turn turn) => Refusal(turn, "not_a_draft", "the open task is no draft that could be sent");
    public static Why UnknownOutcome(Sequences.Step step, string outcome) => Why.Of(
        "unknown_outcome", $"{Name(step)} has no outcome {outcome}; it offers {string.Join(", ", step.Outcomes!.Keys)}.", ("outcome", outcome), ("step", Number(step)));

    public static Why Held(Turn turn) => Refusal(turn, "held", "nothing is sent until that is over");
    public static Why NotPaused(Turn turn) => Refusal(turn, "not_paused", "there is nothing to resume");
    public static Why NotFailed(Turn turn) => Refusal(turn, "not_failed", "nothing has failed that could be retried");
    public static Why NoStepLeft(Turn turn) => Refusal(turn, "no_step_left", "all steps are done and there is none to skip");
    public static Why AlreadyHandedOver(Turn turn) => Refusal(turn, "already_handed_over", $"the email of {Name(turn, capital: false)} is already with the mail server");
    public static Why OtherCause(Turn turn, Failure failure) => Refusal(turn, "other_cause", $"the step failed for another cause ({Failure.WireName(failure.Cause)})");
    public static Why DatePassed(Turn turn, Instant until) => Refusal(turn, "date_passed", $"a pause cannot end on {When(until, turn)}, which has passed");

    public static Why UnknownNeedsDecision(Turn turn) => Refusal(
        turn, "unknown_needs_decision", $"the email of {Name(turn, capital: false)} may have been delivered, so say whether to resend it or that it was delivered");

    private static Why Refusal(Turn turn, string code, string because) =>
        Why.Of(code, $"This run is {turn.Run.State.DisplayName()}: {because}.", States(turn));

    private static (string Name, string? Value)[] States(Turn turn) =>
        [("state", turn.Run.State.WireName()), ("signal", turn.Signal.Kind.WireName())];

    private static string Correction(Corrected signal) =>
        $"{Who(signal.By)} corrected the reading of a message: {Words(signal.Is.WireName())}, not {Words(signal.Was.WireName())}.";

    private static (string Name, string? Value)[] Readings(Corrected signal) =>
        [("was", signal.Was.WireName()), ("is", signal.Is.WireName()), ("message", signal.Message.ToString())];
}
