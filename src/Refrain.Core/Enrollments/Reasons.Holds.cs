using NodaTime;

namespace Refrain.Core.Enrollments;

/// <summary>The sentences about holds and failures.</summary>
internal static partial class Reasons
{
    public static Why Paused(Turn turn, Instant? until) => until is { } end
        ? Why.Of("paused_until", $"{Who(turn.Signal.By)} paused this contact until {When(end, turn)}.", ("until", Text(end)))
        : Why.Of("paused", $"{Who(turn.Signal.By)} paused this contact.");

    public static Why Resumed(Turn turn, Instant? runAt, Hold? despite)
    {
        var wish = runAt is { } at ? $" from {When(at, turn)} on" : "";
        var warning = despite is null ? "" : despite.Until is { } back ? $", although the contact is said to be away until {When(back, turn)}" : ", although the contact is said to be away";
        return Why.Of(
            despite is null ? "resumed" : "resumed_despite_absence", $"{Who(turn.Signal.By)} resumed this contact{wish}{warning}.",
            ("run_at", Text(runAt)), ("away_until", Text(despite?.Until)));
    }

    public static Why PauseOver(Turn turn) => StillAwayUntil(turn) is { } back
        ? Why.Of("pause_over_still_away", $"The date of the pause came; the contact is still away until {back}.")
        : Why.Of("pause_over", "The date of the pause came.");

    public static Why Away(Turn turn, Hold absence, MessageId? message) => Why.Of(
        "out_of_office",
        absence.Until is { } back
            ? $"An out-of-office answer arrived; the sequence goes on not before {When(back, turn)}."
            : "An out-of-office answer arrived; the sequence waits until a user resumes it.",
        ("until", Text(absence.Until)), ("dated", absence.Dated ? "true" : "false"), ("message", message?.ToString()));

    public static Why AbsenceNoted(Turn turn, AbsenceStarted signal) => Why.Of(
        "out_of_office_noted",
        !turn.Sequence.Settings.PauseOnOutOfOffice ? "An out-of-office answer arrived; this sequence does not pause on it."
        : signal.Until <= signal.At ? "An out-of-office answer arrived, of an absence that is already over."
        : "Another out-of-office answer arrived; it does not change the expected return.",
        ("until", Text(signal.Until)), ("message", signal.Message?.ToString()));

    public static Why AbsenceOver(Turn turn) => turn.Run.Pause is null
        ? Why.Of("absence_over", "The contact is expected to be back.")
        : Why.Of("absence_over", "The contact is expected to be back; the pause by a user goes on.");

    public static Why Failed(Sequences.Step? step, FailureCause cause, string? detail, MessageId? message) => Why.Of(
        Failure.WireName(cause), $"{Name(step)} failed: {Cause(cause, detail)}.", ("step", Number(step)), ("detail", detail), ("message", message?.ToString()));

    public static Why FailedAfterTheEnd(Turn turn, FailureCause cause, string? detail) => Why.Of(
        "failed_after_the_end", $"A message of this run was not delivered ({Cause(cause, detail)}), but the contact may not be enrolled here any more.",
        ("state", turn.Run.State.WireName()), ("cause", Failure.WireName(cause)), ("detail", detail));

    /// <summary>A hold is gone and a failure was beneath it: both belong into the reason.</summary>
    public static Why StillFailed(Why why, Failure failure)
    {
        var code = Failure.WireName(failure.Cause);
        return why.Code == code ? why : why with { Sentence = $"{why.Sentence} Its step has failed before: {Cause(failure.Cause, failure.Detail)}.", Arguments = why.Arguments.SetItem("cause", code) };
    }

    public static Why SoftBounced(Sequences.Step step, SoftBounced signal) => Why.Of(
        Failure.WireName(signal.Cause), $"The email of {Name(step, capital: false)} came back: {Cause(signal.Cause, signal.Detail)}.",
        ("step", Number(step)), ("detail", signal.Detail), ("message", signal.Message?.ToString()));

    public static Why SoftBounceNoted(Turn turn, SoftBounced signal)
    {
        var step = turn.Sequence.Find(signal.Step);
        return Why.Of(
            "soft_bounce", $"A report came in that the email of {Name(step, capital: false)} was not delivered. The run has gone further or has failed already, so nothing changes.",
            ("step", Number(step)), ("detail", signal.Detail), ("message", signal.Message?.ToString()));
    }

    public static Why Retried(Turn turn) => Why.Of("retried", $"{Who(turn.Signal.By)} tries {Name(turn, capital: false)} again.", ("step", Number(turn)));

    public static Why ResendUnknown(Turn turn) => Why.Of(
        "unknown_resend", $"{Who(turn.Signal.By)} sends {Name(turn, capital: false)} again, although it may have been delivered.", ("step", Number(turn)));

    public static Why SettledAsDelivered(Turn turn) => Why.Of(
        "unknown_delivered", $"{Who(turn.Signal.By)} says that {Name(turn, capital: false)} was delivered.", ("step", Number(turn)));

    public static Why CauseCleared(Turn turn, FailureCause cause) => Why.Of(
        "cause_cleared", $"The cause of the failure was put right, and {Name(turn, capital: false)} goes on.", ("step", Number(turn)), ("cause", Failure.WireName(cause)));

    public static Why SenderBack(Turn turn, FailureCause cause) => Why.Of(
        "sender_back",
        cause == FailureCause.UserDeactivated ? $"The sender is back or was replaced, and {Name(turn, capital: false)} goes on." : $"The mailbox is connected again, and {Name(turn, capital: false)} goes on.",
        ("step", Number(turn)), ("cause", Failure.WireName(cause)));

    private static string? StillAwayUntil(Turn turn) => turn.Run.Absence switch
    {
        null => null,
        { Until: null } => "a user resumes",
        { Until: { } until } => until <= turn.At ? null : When(until, turn),
    };

    private static string Cause(FailureCause cause, string? detail)
    {
        var words = cause switch
        {
            FailureCause.MissingField => "a merge field has no value for this contact",
            FailureCause.BrokenTemplate => "the template of the email cannot be rendered for this contact",
            FailureCause.NoAddress => "the contact has no usable address",
            FailureCause.Delivery => "the receiving server did not take it",
            FailureCause.Sender => "the sender was refused, not the address",
            FailureCause.MailboxDisconnected => "the mailbox is disconnected",
            FailureCause.UserDeactivated => "the user who sends is deactivated",
            FailureCause.OutcomeUnknown => "the email was handed over and no answer came, so it may have been delivered",
        };
        return detail is null ? words : $"{words} ({detail.Trim().TrimEnd('.')})";
    }
}
