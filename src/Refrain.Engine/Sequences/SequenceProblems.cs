using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Sequences;
using Refrain.Engine.Mail.Templates;

namespace Refrain.Engine.Sequences;

/// <summary>What is wrong with a sequence's text, found when it is saved: nobody should hear of it from the first contact's step.</summary>
internal static class SequenceProblems
{
    /// <summary>What may be published has steps; a draft need not.</summary>
    private const string NoSteps = "no_steps";
    private const int LongestCalendar = 200_000;

    public static Findings OfDraft(SequenceId id, SequenceText text, IReadOnlySet<string> knownSteps, Instant now)
    {
        var findings = new Findings();
        for (var index = 0; index < text.Steps.Count; index++) AddStep(findings, text.Steps[index], $"steps[{index}]", knownSteps);
        AddCalendar(findings, text.Settings.Calendar);
        if (!findings.Any) findings.Add(OfPublication(id, SequenceDefinitions.WithIds(text), now).Where(problem => problem.Code != NoSteps));
        return findings;
    }

    public static IReadOnlyList<Problem> OfPublication(SequenceId id, SequenceText text, Instant now)
    {
        var draft = SequenceDefinitions.ToDraft(id, text);
        return [.. draft.Problems(now), .. draft.Steps.SelectMany((step, index) => OfTemplates(step, $"steps[{index}]"))];
    }

    private static void AddCalendar(Findings findings, string? calendar)
    {
        findings.Length("settings.calendar", calendar, LongestCalendar);
        if (findings.Any) return;
        try
        {
            OwnCalendar.Days(calendar);
        }
        catch (FormatException wrong)
        {
            findings.Add("settings.calendar", "invalid_calendar", wrong.Message);
        }
    }

    private static void AddStep(Findings findings, SequenceStep step, string field, IReadOnlySet<string> known)
    {
        if (step.Id is { } id && !known.Contains(id))
            findings.Add($"{field}.id", "unknown_step", $"\"{id}\" is no step of this sequence; leave the id out for a new step.");
        var isEmail = step.Kind is Contracts.StepKind.Email or Contracts.StepKind.ManualEmail;
        foreach (var (member, value) in isEmail ? TaskMembers(step) : EmailMembers(step))
            if (value is not null)
                findings.Add($"{field}.{member}", "not_for_this_kind", $"A step of the kind {WireName.Of(step.Kind)} has no {member}.");
    }

    private static IEnumerable<(string Member, object? Value)> EmailMembers(SequenceStep step) => [("subject", step.Subject), ("text", step.Text), ("html", step.Html)];

    private static IEnumerable<(string Member, object? Value)> TaskMembers(SequenceStep step) => [("channel", step.Channel)];

    private static IReadOnlyList<Problem> OfTemplates(DraftStep step, string field) => step is { IsEmail: true, Subject: { } subject, Text: { } body }
        ? EmailTemplates.Check(new EmailTemplate(subject, body, step.Html), field)
        : [];
}
