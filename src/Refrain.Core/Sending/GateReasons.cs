using System.Globalization;
using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Sending;

/// <summary>The sentences of the gates.</summary>
internal static class GateReasons
{
    public static Why NotSuppressed { get; } = Why.Of("not_suppressed", "Neither the contact nor an administrator forbids email to this address.");
    public static Why OptedOut { get; } = Why.Of("opted_out", "The contact has opted out and gets no more email.");
    public static Why Allowed { get; } = Why.Of("state_allows", "The run is open and nothing holds it.");
    public static Why Followed { get; } = Why.Of("predecessor_delivered", "The email before this one was delivered, was skipped, or there is none.");
    public static Why NotFollowed { get; } = Why.Of("predecessor_not_settled", "The email that this one follows is on its way, and its outcome is not known yet.");
    public static Why SequenceRuns { get; } = Why.Of("sequence_runs", "The sequence is running.");
    public static Why SequencePaused { get; } = Why.Of("sequence_paused", "The whole sequence is paused, until a user resumes it.");
    public static Why NotEnded { get; } = Why.Of("not_ended", "The sequence has not ended.");
    public static Why WindowOpen { get; } = Why.Of("window_open", "A sending window is open.");
    public static Why ThrottleFree { get; } = Why.Of("throttle_free", "No limit is used up.");
    public static Why MailboxHealthy { get; } = Why.Of("mailbox_healthy", "The mailbox can send and be read.");
    public static Why MailboxChecking { get; } = Why.Of("mailbox_checking", "The mailbox is being checked for the first time.");
    public static Why OwnerNeverWorks { get; } = Why.Of(
        "owner_hours", "The working hours of the mailbox's owner and the windows of the sequence never meet: one of them has to change.");
    public static Why InboxRead { get; } = Why.Of("inbox_fresh", "The mailbox was read after this step came due.");
    public static Why InboxStale { get; } = Why.Of("inbox_not_fresh", "The mailbox is read first, so that no reply is overlooked.");

    public static Why Suppressed(string entry) => Why.Of("suppressed", $"{entry} is on the suppression list.", ("entry", entry));

    public static Why NotDue(Step step, Instant dueAt, Schedule schedule) => Why.Of(
        "not_due", string.Create(CultureInfo.InvariantCulture, $"Step {step.Number} comes due on {Reasons.When(dueAt, schedule)}."), ("due_at", Reasons.Text(dueAt)));

    public static Why NotDueForOwner(Step step, Instant dueAt, Schedule schedule) => NotDue(step, dueAt, schedule) with
    {
        Sentence = string.Create(CultureInfo.InvariantCulture, $"Step {step.Number} comes due on {Reasons.When(dueAt, schedule)}, not before the working hours of the mailbox's owner."),
    };

    public static Why OwnerAway(Instant next, bool windowIsOpen, Schedule schedule) => Why.Of(
        "owner_hours",
        windowIsOpen
            ? $"The owner of the mailbox works again from {Reasons.When(next, schedule)} on."
            : $"No sending window is open while the owner of the mailbox works, before {Reasons.When(next, schedule)}.",
        ("opens_at", Reasons.Text(next)));

    public static Why Ended(Schedule schedule) => schedule.EndsOn is { } last
        ? Why.Of("ended", $"The sequence ends on {last.ToString("d MMMM uuuu", CultureInfo.InvariantCulture)}, and no window opens before.")
        : Why.Of("never_opens", "The windows of the sequence never open.");

    public static Why WindowShut(Instant? next, Schedule schedule) => next is { } at
        ? Why.Of("window_shut", $"No sending window is open before {Reasons.When(at, schedule)}.", ("opens_at", Reasons.Text(at)))
        : Why.Of("window_shut", "No sending window opens any more.");

    public static Why CapFull(CapUse cap, Schedule schedule) => Why.Of(
        "cap_full", $"The limit {Words(cap)} is used up ({Use(cap)}).{Reasons.Expected(cap, schedule)}",
        ("cap", cap.Name), ("use", Use(cap)), ("release_at", Reasons.Text(cap.ReleaseAt)));

    public static Why OverCapByHand(CapUse cap) => Why.Of(
        "cap_exceeded_by_hand", $"The limit {Words(cap)} is used up ({Use(cap)}); an email that a person sends goes all the same.", ("cap", cap.Name), ("use", Use(cap)));

    public static Why Gap(Instant until, Schedule schedule) => Why.Of(
        "gap", $"The mailbox rests between two emails until {Reasons.When(until, schedule)}.", ("until", Reasons.Text(until)));

    public static Why Planned(SlotAnswer.Plan plan, Schedule schedule) => plan.Cause switch
    {
        PlanCause.Gap => Gap(plan.At, schedule),
        PlanCause.Ramp => Why.Of(
            "ramp", $"The mailbox is new and sends a little more every day; this email has its place on {Reasons.When(plan.At, schedule)}.", ("until", Reasons.Text(plan.At))),
        PlanCause.Provider => Provider(plan, schedule),
    };

    private static Why Provider(SlotAnswer.Plan plan, Schedule schedule)
    {
        var (domain, answer) = (plan.Provider?.Domain, plan.Provider?.Answer.Trim().TrimEnd('.'));
        return Why.Of(
            "provider_slowed", $"{domain} asked to be sent less ({answer}), so emails to it go one by one; this one not before {Reasons.When(plan.At, schedule)}.",
            ("domain", domain), ("answer", answer), ("until", Reasons.Text(plan.At)));
    }

    public static Why ContactRest(Instant until, Schedule schedule) => Why.Of(
        "contact_rest", $"The contact gets at most one email in 24 hours; this one goes not before {Reasons.When(until, schedule)}.", ("until", Reasons.Text(until)));

    public static Why MailboxUnhealthy(string? reason) => Why.Of(
        "mailbox_unhealthy", reason is null ? "The mailbox is disconnected." : $"The mailbox is disconnected: {reason.TrimEnd('.')}.", ("reason", reason));

    private static string Words(CapUse cap) => cap.Name.Replace('_', ' ');
    private static string Use(CapUse cap) => string.Create(CultureInfo.InvariantCulture, $"{cap.Used} of {cap.Limit}");
}
