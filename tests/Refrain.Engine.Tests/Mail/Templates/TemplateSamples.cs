using Refrain.Core.Sequences;
using Refrain.Engine.Mail.Templates;

namespace Refrain.Engine.Tests.Mail.Templates;

/// <summary>Lea, who has everything but a phone; and a template of one part.</summary>
internal static class TemplateSamples
{
    public static MergeContact Lea { get; } = new("Lea", "Dörfler", "lea@acme.test", "Acme & Sons", "CTO", null, new Dictionary<string, string> { ["plan"] = "Gold", ["Renewal day"] = "2027-01-04", ["blank"] = " " });

    public static MergeSender Ann { get; } = new("Ann", "ann@ours.test");

    public static EmailTemplate Text(string text) => new("Hello", text, null);

    public static RenderOutcome Render(EmailTemplate template, MergeContact? contact = null) => new EmailTemplates().Render(template, contact ?? Lea, Ann);

    public static string TextOf(string text, MergeContact? contact = null) => Render(Text(text), contact).ShouldBeOfType<RenderOutcome.Rendered>().Text;
}
