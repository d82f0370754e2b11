using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>The sentences of the law, all in one place: a stable code, its arguments, and words that a salesperson understands. Here: steps and their messages.</summary>
internal static partial class Reasons
{
    private static readonly ZonedDateTimePattern Moment =
        ZonedDateTimePattern.Create("ddd d MMM uuuu HH:mm '('z')'", CultureInfo.InvariantCulture, null, DateTimeZoneProviders.Tzdb, default);

    public static Why Enrolled(Actor by, Step step, Instant? nextAt, Schedule schedule) => Why.Of(
        "enrolled", nextAt is { } at ? $"{Who(by)} enrolled this contact. {Name(step)} comes due on {When(at, schedule)}." : $"{Who(by)} enrolled this contact.",
        ("step", Number(step)), ("next_at", Text(nextAt)));

    public static Why Sending(Turn turn) => Why.Of("sending", $"{Name(turn)} is due, and its email is on its way.", ("step", Number(turn)));

    public static Why Capped(Turn turn, CapUse cap) => Why.Of(
        "cap_full",
        $"{Name(turn)} is due, but the limit {Words(cap.Name)} is used up ({cap.Used} of {cap.Limit}).{Expected(cap, turn.Facts.Schedule)}",
        ("step", Number(turn)), ("cap", cap.Name), ("used", Text(cap.Used)), ("limit", Text(cap.Limit)), ("release_at", Text(cap.ReleaseAt)));

    /// <summary>When a slot is expected, as a sentence to be put behind another.</summary>
    public static string Expected(CapUse cap, Schedule schedule) =>
        cap.ReleaseAt is { } release ? $" A slot is expected on {When(release, schedule)}." : " A slot becomes free when another contact is through.";

    public static Why SlotFreed(Turn turn) => Why.Of("slot_freed", $"A slot became free, and {Name(turn, capital: false)} goes on.", ("step", Number(turn)));

    public static Why TaskOpened(Step step) => Why.Of(
        "task_opened",
        step.Kind == StepKind.ManualEmail ? $"{Name(step)} is an email that a person edits and sends: its draft is ready." : $"{Name(step)} needs a person: {step.Title}.",
        ("step", Number(step)), ("kind", step.Kind.WireName()));

    public static Why Reminded(Step step) => Why.Of("reminder_made", $"{Name(step)} made a reminder: {step.Title}.", ("step", Number(step)));

    public static Why Stale(Turn turn, Duration late) => Why.Of(
        "stale", $"{Name(turn)} is {Count((int)late.TotalDays, "day")} late. A person decides whether its email still goes.",
        ("step", Number(turn)), ("days", Text((int)late.TotalDays)));

    public static Why LateStepApproved(Turn turn) =>
        Why.Of("late_step_approved", $"{Who(turn.Signal.By)} decided that the late email of {Name(turn, capital: false)} still goes.", ("step", Number(turn)));

    public static Why Sent(Turn turn, MessageId message, string answer) =>
        Why.Of("sent", $"The email of {Name(turn, capital: false)} was sent.", ("step", Number(turn)), ("message", message.ToString()), ("answer", answer));

    public static Why Retrying(Turn turn, MessageDeferred signal, Duration delay) => Why.Of(
        "retrying", $"The mail server asked to try {Name(turn, capital: false)} again later; the next attempt is not before {When(signal.At + delay, turn)}.",
        ("step", Number(turn)), ("message", signal.Message.ToString()), ("answer", signal.Answer), ("retry_at", Text(signal.At + delay)));

    public static Why SendStopped(Turn turn, MessageId message, string answer) => Why.Of(
        "send_stopped", $"The last check stopped the email of {Name(turn, capital: false)} before it was handed over.",
        ("step", Number(turn)), ("message", message.ToString()), ("answer", answer));

    public static Why LateOutcome(Turn turn, StepId step, string? detail)
    {
        var sent = turn.Sequence.Find(step);
        return Why.Of("late_outcome", $"News of the email of {Name(sent, capital: false)} came late. It changes nothing.", ("step", Number(sent)), ("detail", detail));
    }

    public static Why TaskDone(Step step, TaskCompleted signal) => Why.Of(
        "task_done", signal.Outcome is null ? $"{Who(signal.By)} completed {Name(step, capital: false)}." : $"{Who(signal.By)} completed {Name(step, capital: false)} with the outcome {Words(signal.Outcome)}.",
        ("step", Number(step)), ("outcome", signal.Outcome));

    public static Why OutcomeUnenrolls(Step step, string outcome) => Why.Of(
        RemovalRule.CallOutcome.WireName(), $"{Name(step)} ended with the outcome {Words(outcome)}, which takes the contact out of the sequence.",
        ("step", Number(step)), ("outcome", outcome));

    public static Why TaskSkipped(Turn turn) => Why.Of("task_skipped", $"{Who(turn.Signal.By)} skipped {Name(turn, capital: false)}.", ("step", Number(turn)));

    public static Why DraftSent(Turn turn) =>
        Why.Of("draft_sent", $"{Who(turn.Signal.By)} sent the draft of {Name(turn, capital: false)}, and it is on its way.", ("step", Number(turn)));

    public static Why StepSkipped(Turn turn) => Why.Of("step_skipped", $"{Who(turn.Signal.By)} skipped {Name(turn, capital: false)}.", ("step", Number(turn)));

    /// <summary>The end that follows from what just happened, whose words stay in front.</summary>
    public static Why AllStepsDone(Why why, EnrollmentState end) => why with
    {
        Code = end.WireName(),
        Sentence = end == EnrollmentState.FinishedNoReply ? $"{why.Sentence} All steps are done, and nobody replied." : $"{why.Sentence} All steps are done.",
    };

    public static Why NeverOpens(Why why, Schedule schedule) => schedule.EndsOn is { } last
        ? why with { Code = RemovalRule.EndDate.WireName(), Sentence = $"{why.Sentence} What follows would come after the end of the sequence on {Day(last)}." }
        : why with { Code = RemovalRule.EndDate.WireName(), Sentence = $"{why.Sentence} What follows would never go: the windows of the sequence do not open." };

    public static Why LateReplyWaitOver(EnrollmentState end) => end == EnrollmentState.FinishedNoReply
        ? Why.Of(end.WireName(), "All steps are done, and the wait for a late reply is over.")
        : Why.Of(end.WireName(), "All steps are done.");

    public static Why Notice(NoticeReceived signal) => Why.Of(
        signal.What, $"A message came in that changes nothing ({Words(signal.What)}).", ("detail", signal.Detail), ("message", signal.Message?.ToString()));

    private static string Name(Turn turn, bool capital = true) => turn.Place.Step is null ? "the wait for a late reply" : Name(turn.Step, capital);
    private static string Name(Step? step, bool capital = true) =>
        step is null ? (capital ? "A step that is gone" : "a step that is gone") : string.Create(CultureInfo.InvariantCulture, $"{(capital ? "Step" : "step")} {step.Number}");

    private static string? Number(Turn turn) => Number(turn.Step);
    private static string? Number(Step? step) => step is null ? null : Text(step.Number);
    private static string Words(string code) => code.Replace('_', ' ');
    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{Text(number)} {noun}s";
    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    public static string? Text(Instant? at) => at is { } instant ? InstantPattern.General.Format(instant) : null;
    private static string Day(LocalDate day) => day.ToString("d MMMM uuuu", CultureInfo.InvariantCulture);
    private static string When(Instant at, Turn turn) => When(at, turn.Facts.Schedule);
    public static string When(Instant at, Schedule schedule) => Moment.Format(at.InZone(schedule.Zone));

    private static string Who(Actor by) => by.Kind switch
    {
        ActorKind.Engine => "Refrain",
        ActorKind.User => "A user",
        ActorKind.Contact => "The contact",
        ActorKind.Rule => by.Name is { } rule ? $"The rule {Words(rule)}" : "A rule",
    };
}
