using Refrain.Core;
using Scriban;
using Scriban.Syntax;

namespace Refrain.Engine.Mail.Templates;

/// <summary>A subject, a text or an HTML body, parsed and read. <paramref name="Needed"/>: where, by offset, a field is shown that has no fallback.</summary>
internal sealed record TemplatePart(Template Parsed, bool IsHtml, IReadOnlyList<Problem> Problems, IReadOnlyDictionary<int, string> Needed)
{
    /// <summary>The text, or what is missing, or why there is neither.</summary>
    public PartOutcome Render(MergeContact contact, MergeSender sender)
    {
        if (Problems.Count > 0)
            return new("", [], Problems[0].Message);
        var rendering = new MergeRendering(this, MergeFields.Values(contact, sender));
        try
        {
            return new(Parsed.Render(rendering), rendering.Missing, null);
        }
        catch (ScriptRuntimeException broken)
        {
            return new("", [], broken.OriginalMessage);
        }
    }
}

/// <summary>How one part came out.</summary>
internal sealed record PartOutcome(string Text, IReadOnlyList<string> Missing, string? Broken);
