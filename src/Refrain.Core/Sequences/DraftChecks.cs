using System.Globalization;
using NodaTime;
using Refrain.Core.Schedules;

namespace Refrain.Core.Sequences;

/// <summary>What can be wrong with a draft. Each problem names the field as the API spells it, the value, and what is allowed.</summary>
internal static class DraftChecks
{
    private const int MostSteps = 100;
    private const int MostWindows = 50;
    private const int LongestSubject = 998;
    private const int LongestText = 200_000;
    private const int LongestName = 200;
    private const int MostOutcomes = 20;

    public static IEnumerable<Problem> Of(SequenceDraft draft, Instant now)
    {
        if (string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Length > LongestName)
            yield return new("name", "invalid_name", $"A sequence needs a name of 1 to {LongestName} characters.");
        foreach (var problem in OfSettings(draft.Settings).OfType<Problem>())
            yield return problem;
        foreach (var problem in ScheduleProblems.Find(draft.Settings, [.. draft.Steps.Select(step => step.At)], now))
            yield return problem;
        if (draft.Steps.Count is 0 or > MostSteps)
            yield return new("steps", draft.Steps.Count == 0 ? "no_steps" : "too_many_steps", $"A sequence has 1 to {MostSteps} steps, not {Text(draft.Steps.Count)}.");
        foreach (var (index, step) in draft.Steps.Index())
            foreach (var problem in OfStep(step, $"steps[{Text(index)}]"))
                yield return problem;
        foreach (var twice in draft.Steps.Select(step => step.Id).CountBy(id => id).Where(id => id.Value > 1))
            yield return new("steps", "step_twice", $"The step id {twice.Key} stands at {Text(twice.Value)} steps; each has its own.");
    }

    private static IEnumerable<Problem?> OfSettings(SequenceSettings settings)
    {
        yield return Range("settings.weight", settings.Weight, 1, 100);
        yield return Range("settings.newContactsPerDay", settings.NewContactsPerDay, 1, 100_000);
        yield return Range("settings.maximumLive", settings.MaximumLive, 1, 1_000_000);
        yield return Range("settings.stale.afterDays", settings.StaleAfterDays, 1, 365);
        yield return settings.ResumeAfter is { } after ? Delay("settings.resumeAfter", after, longestDays: 100) : null;
        yield return Delay("settings.lateReplyWait", settings.LateReplyWait, longestDays: 365);
        yield return settings.Windows.Count > MostWindows
            ? new("settings.windows", "too_many_windows", $"{Text(settings.Windows.Count)} windows are too many; up to {MostWindows} are allowed.")
            : null;
    }

    private static IEnumerable<Problem> OfStep(DraftStep step, string field)
    {
        if (Delay($"{field}.delay", step.Delay, StepDelay.MaximumDays) is { } delay)
            yield return delay;
        if (step.IsEmail)
            foreach (var problem in OfEmail(step, field))
                yield return problem;
        else if (string.IsNullOrWhiteSpace(step.Title) || step.Title.Length > LongestName)
            yield return new($"{field}.title", "invalid_title", $"A {step.Kind.WireName()} step needs a title of 1 to {LongestName} characters.");
        foreach (var problem in OfOutcomes(step, field))
            yield return problem;
    }

    private static IEnumerable<Problem> OfEmail(DraftStep step, string field)
    {
        // RFC 5322 section 2.1.1: no line is longer.
        if (string.IsNullOrWhiteSpace(step.Subject) || step.Subject.Length > LongestSubject || step.Subject.AsSpan().ContainsAny('\r', '\n'))
            yield return new($"{field}.subject", "invalid_subject", $"An email needs a subject of one line and 1 to {LongestSubject} characters.");
        if (string.IsNullOrWhiteSpace(step.Text) || step.Text.Length > LongestText)
            yield return new($"{field}.text", "invalid_text", $"An email needs a text of 1 to {Text(LongestText)} characters.");
        if (step.Html?.Length > LongestText)
            yield return new($"{field}.html", "invalid_html", $"The HTML of an email has up to {Text(LongestText)} characters.");
    }

    private static IEnumerable<Problem> OfOutcomes(DraftStep step, string field)
    {
        if (step.Outcomes is not { Count: > 0 } outcomes)
            yield break;
        if (step.IsEmail || step.Kind == StepKind.Reminder)
            yield return new($"{field}.outcomes", "no_outcomes_here", $"A {step.Kind.WireName()} step has no outcomes; a call or a to-do may have some.");
        if (outcomes.Count > MostOutcomes)
            yield return new($"{field}.outcomes", "too_many_outcomes", $"{Text(outcomes.Count)} outcomes are too many; up to {MostOutcomes} are allowed.");
        foreach (var (name, action) in outcomes)
        {
            if (string.IsNullOrWhiteSpace(name))
                yield return new($"{field}.outcomes", "empty_outcome", "An outcome needs a name.");
            if (!SequenceNames.TryParse(action, out OutcomeAction _))
                yield return new($"{field}.outcomes.{name}", "unknown_outcome_action", $"{action} is nothing that an outcome does; continue and unenroll are.");
        }
    }

    private static Problem? Delay(string field, StepDelay delay, int longestDays)
    {
        var longest = delay.Unit switch
        {
            DelayUnit.Minutes => longestDays * 24 * 60,
            DelayUnit.Hours => longestDays * 24,
            DelayUnit.Days or DelayUnit.BusinessDays => longestDays,
        };
        return Range($"{field}.value", delay.Value, 0, longest);
    }

    private static Problem? Range(string field, int? value, int least, int most) => value < least || value > most
        ? new(field, "out_of_range", $"{field} is {Text(value.Value)}; allowed are {Text(least)} to {Text(most)}.")
        : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
