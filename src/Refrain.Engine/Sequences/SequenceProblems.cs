using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Sequences;
using Refrain.Engine.Mail.Templates;

namespace Refrain.Engine.Sequences;

/// <summary>What is wrong with a sequence's text, found when it is saved: nobody should hear of it from the first contact's step.</summary>
internal static class SequenceProblems
{
    private const int LongestName = 200;
    private const int MostSteps = 200;

    /// <summary>A draft may be without steps; what may be published has some.</summary>
    public static Findings Find(SequenceId id, SequenceText text, IReadOnlySet<string> knownSteps, Instant now)
    {
        var findings = new Findings();
        findings.Text("name", text.Name, LongestName);
        findings.Within("settings.newContactsPerDay", text.Settings.NewContactsPerDay, 1, 1_000_000);
        findings.Within("settings.maximumLive", text.Settings.MaximumLive, 1, 1_000_000);
        findings.Within("settings.weight", text.Settings.Weight, 1, 100);
        findings.Within("settings.stale.afterDays", text.Settings.Stale.AfterDays, 1, 365);
        if (text.Steps.Count > MostSteps) findings.Add("steps", "too_many", $"There are {text.Steps.Count} steps; allowed are {MostSteps}.");
        AddIds(findings, text.Steps, knownSteps);
        if (findings.Any) return findings;
        var draft = SequenceDefinitions.ToDraft(id, SequenceDefinitions.WithIds(text));
        findings.Add(draft.Problems(now).Concat(Templates(draft)).Where(problem => problem.Code != "no_steps").DistinctBy(problem => (problem.Field, problem.Code)));
        return findings;
    }

    private static void AddIds(Findings findings, IReadOnlyList<SequenceStep> steps, IReadOnlySet<string> known)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < steps.Count; index++)
        {
            if (steps[index].Id is not { } id) continue;
            if (!known.Contains(id)) findings.Add($"steps[{index}].id", "unknown_step", $"\"{id}\" is no step of this sequence; leave the id out for a new step.");
            else if (!seen.Add(id)) findings.Add($"steps[{index}].id", "repeated_step", "An earlier step has the same id.");
        }
    }

    private static IEnumerable<Problem> Templates(SequenceDraft draft) => draft.Steps
        .SelectMany((step, index) => step is { Subject: { } subject, Text: { } body }
            ? EmailTemplates.Check(new EmailTemplate(subject, body, step.Html), $"steps[{index}]")
            : []);
}
