using System.Globalization;
using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>The sentences of the guards.</summary>
internal static class GuardReasons
{
    /// <summary>The reason of the row: the rejection, else what covers the run from its first moment, else when it begins.</summary>
    public static Why Admitted(NewRun run, Step first, Instant? slot, Schedule schedule, Why? rejection, Hold? absence, Why? failure) =>
        rejection ?? (absence is not null ? Away(absence, schedule, failure) : failure ?? Reasons.Enrolled(run.By, first, slot, schedule));

    public static Why OptedOut() => Why.Of("opted_out_before", "The contact had opted out before.");

    public static Why KnownBadAddress() => Why.Of("known_bad_address", "The contact's address bounced before and is known to be bad.");

    public static Why Suppressed(string entry) => Why.Of("suppressed", $"{entry} is on the suppression list.", ("entry", entry));

    public static Why AlreadyEnrolled(Sequence sequence, GuardFacts facts)
    {
        var open = facts.OpenHere.Count > 0 ? facts.OpenHere[0] : null;
        return Why.Of(
            "already_enrolled",
            open is not null ? $"The contact is already in {sequence.Name}." : $"The contact was in {sequence.Name} before, and it takes everybody only once.",
            ("rule", sequence.Settings.Readd.WireName()), ("blocking", open?.Id.ToString()), ("earlier_runs", facts.EarlierRuns.ToString(CultureInfo.InvariantCulture)));
    }

    public static Why OtherEnrolled(OpenRun blocking) => Why.Of(
        "other_enrolled", $"The contact is in {blocking.SequenceName}, and only one sequence at a time is allowed.",
        ("blocking", blocking.Id.ToString()), ("sequence", blocking.Sequence.ToString()), ("sequence_name", blocking.SequenceName));

    public static Why NeverRuns(Schedule schedule) => Why.Of(
        RemovalRule.EndDate.WireName(),
        schedule.EndsOn is { } last
            ? $"The first step would come after the end of the sequence on {last.ToString("d MMMM uuuu", CultureInfo.InvariantCulture)}."
            : "The windows of the sequence never open.");

    public static Why NoAddress() => Why.Of(Failure.WireName(FailureCause.NoAddress), "The contact has no usable address.");

    public static Why MissingFields(IReadOnlyList<string> fields)
    {
        var names = string.Join(", ", fields);
        return Why.Of(Failure.WireName(FailureCause.MissingField), $"The emails use fields that this contact does not have: {names}.", ("fields", names));
    }

    private static Why Away(Hold absence, Schedule schedule, Why? failure)
    {
        var away = absence.Until is { } back ? $"The contact is known to be away until {Reasons.When(back, schedule)}." : "The contact is known to be away.";
        return Why.Of(
            "out_of_office", failure is null ? away : $"{away} {failure.Sentence}", ("until", absence.Until?.ToString()), ("cause", failure?.Code));
    }
}
