using System.Collections.Concurrent;
using Refrain.Core;
using Refrain.Core.Sequences;

namespace Refrain.Engine.Mail.Templates;

/// <summary>
/// Renders emails from Liquid templates. A template is parsed once and kept as long as it is in use. The preview, the check at enrollment and the sending
/// all go through here, so they agree.
/// </summary>
public sealed class EmailTemplates
{
    /// <summary>Two generations of so many are kept: enough for every step that goes out at one time.</summary>
    private const int Generation = 500;

    private ConcurrentDictionary<EmailTemplate, CompiledEmail> young = new();
    private ConcurrentDictionary<EmailTemplate, CompiledEmail> old = new();

    /// <summary>What is wrong with a template, with the place; to be asked when it is saved. <paramref name="fieldPrefix"/>: <c>steps[0]</c> gives <c>steps[0].subject</c>.</summary>
    public static IReadOnlyList<Problem> Check(EmailTemplate template, string fieldPrefix = "") =>
        [.. CompiledEmail.From(template, fieldPrefix.Length == 0 ? "" : $"{fieldPrefix}.").Parts.SelectMany(part => part.Problems)];

    /// <summary>The fields that this contact lacks, in the order of subject, text and HTML. Empty when the email can go, or when it can for nobody.</summary>
    public IReadOnlyList<string> MissingFields(EmailTemplate template, MergeContact contact, MergeSender sender) =>
        [.. Compiled(template).Parts.SelectMany(part => part.Render(contact, sender).Missing).Distinct()];

    public RenderOutcome Render(EmailTemplate template, MergeContact contact, MergeSender sender)
    {
        var compiled = Compiled(template);
        var outcomes = compiled.Parts.Select(part => part.Render(contact, sender)).ToList();
        if (outcomes.Find(outcome => outcome.Broken is not null) is { Broken: { } why })
            return new RenderOutcome.Broken(why);
        if (outcomes.SelectMany(outcome => outcome.Missing).FirstOrDefault() is { } name)
            return new RenderOutcome.MissingField(name);
        return new RenderOutcome.Rendered(OneLine(outcomes[0].Text), outcomes[1].Text, compiled.Html is null ? null : outcomes[2].Text);
    }

    // A merged value with a line break must not begin a header.
    private static string OneLine(string subject) => string.Join(' ', subject.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private CompiledEmail Compiled(EmailTemplate template)
    {
        if (young.TryGetValue(template, out var compiled))
            return compiled;
        if (!old.TryGetValue(template, out compiled))
            compiled = CompiledEmail.From(template, "");
        if (young.Count >= Generation)
            (old, young) = (young, new());
        young[template] = compiled;
        return compiled;
    }

    private sealed record CompiledEmail(TemplatePart Subject, TemplatePart Text, TemplatePart? Html)
    {
        public IEnumerable<TemplatePart> Parts => Html is null ? [Subject, Text] : [Subject, Text, Html];

        public static CompiledEmail From(EmailTemplate template, string prefix) => new(
            TemplateReader.Read($"{prefix}subject", template.Subject, isHtml: false),
            TemplateReader.Read($"{prefix}text", template.Text, isHtml: false),
            template.Html is { } html ? TemplateReader.Read($"{prefix}html", html, isHtml: true) : null);
    }
}
