using CsCheck;
using Refrain.Engine.Mail.Templates;
using static Refrain.Engine.Tests.Mail.Templates.TemplateSamples;

namespace Refrain.Engine.Tests.Mail.Templates;

public sealed class RenderTests
{
    [Theory]
    [InlineData("Hi {{ contact.first_name }} {{contact.last_name}} of {{ contact.company }}", "Hi Lea Dörfler of Acme & Sons")]
    [InlineData("{{ contact.title }}, {{ contact.email }}: {{ sender.name }} <{{ sender.email }}>", "CTO, lea@acme.test: Ann <ann@ours.test>")]
    [InlineData("{{ contact.fields.plan }} {{ contact.fields['plan'] }}", "Gold Gold")]
    [InlineData("{{ contact.phone | default: 'no phone' }}", "no phone")]
    [InlineData("{{ contact.fields.nothing | upcase | default: \"none\" | append: '!' }}", "none!")]
    [InlineData("{{ contact.fields.blank | default: 'blank is missing' }}", "blank is missing")]
    [InlineData("{{ contact.phone | default: contact.email }}", "lea@acme.test")]
    [InlineData("{{ 'lEA' | upcase }}{{ 'lEA' | downcase }}{{ 'lEA' | capitalize }}", "LEAleaLea")]
    [InlineData("{{ '  a b ' | strip | append: 'c' | prepend: '-' }}", "-a bc")]
    [InlineData("{{ 'a-b-c' | replace: '-', '+' }} {{ 'a-b' | remove: '-' }} {{ 'abcdefgh' | truncate: 5 }} {{ 'Lea Maria' | first_word }}", "a+b+c ab ab... Lea")]
    [InlineData("{{ contact.fields['Renewal day'] | date: '%A, %-d %B %Y' }}", "Monday, 4 January 2027")]
    [InlineData("{{ 'soon' | date: '%Y' }} {{ '2027-01-04T15:04' | date: '%d.%m.%y %H:%M %I %p 100%%' }}", "soon 04.01.27 15:04 03 PM 100%")]
    [InlineData("{{ 'a b&c' | url_encode }}", "a%20b%26c")]
    [InlineData("{% if contact.phone %}call{% else %}write{% endif %}", "write")]
    [InlineData("{% if contact.company and contact.title == 'CTO' %}yes{% elsif contact.phone != blank %}no{% endif %}", "yes")]
    [InlineData("{% unless contact.phone %}none{% endunless %}", "none")]
    [InlineData("{% if contact.company contains 'Acme' %}Acme{% endif %}", "Acme")]
    [InlineData("{% case contact.title %}{% when 'CEO' %}chief{% when 'CTO', 'CIO' %}technician{% else %}you{% endcase %}", "technician")]
    [InlineData("{% assign who = contact.first_name | upcase %}{{ who }}", "LEA")]
    [InlineData("{% for i in (1..3) %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}", "1,2,3")]
    [InlineData("{% comment %}{{ contact.nope }}{% endcomment %}{% raw %}{{ raw }}{% endraw %}", "{{ raw }}")]
    [InlineData("a\n  {{ contact.first_name }}\n b", "a\n  Lea\n b")]
    [InlineData("50% { off } and }} stays", "50% { off } and }} stays")]
    public void a_template_is_filled_in(string template, string text) => TextOf(template).ShouldBe(text);

    [Theory]
    [InlineData("{{ contact.phone }}", "contact.phone")]
    [InlineData("{{ contact.phone | upcase }}", "contact.phone")]
    [InlineData("{{ contact.fields.nothing }}", "contact.fields.nothing")]
    [InlineData("{{ contact.fields['no thing'] }}", "contact.fields.no thing")]
    [InlineData("{{ contact.fields.blank }}", "contact.fields.blank")]
    [InlineData("{{ contact.phone | default: contact.fields.nothing }}", "contact.fields.nothing")]
    [InlineData("{{ 'Call ' | append: contact.phone }}", "contact.phone")]
    [InlineData("{% assign number = contact.phone %}Call", "contact.phone")]
    [InlineData("{% if contact.company %}{{ contact.phone }}{% endif %}", "contact.phone")]
    public void what_is_shown_without_a_value_or_a_fallback_is_missing(string template, string name) =>
        Render(Text(template)).ShouldBe(new RenderOutcome.MissingField(name));

    [Theory]
    [InlineData("{% if contact.phone %}{{ contact.phone }}{% endif %}")]
    [InlineData("{% if contact.phone != blank %}{{ contact.phone }}{% endif %}")]
    [InlineData("{% unless contact.company %}{{ contact.phone }}{% endunless %}")]
    [InlineData("{{ contact.phone | default: contact.fields.nothing | default: '' }}")]
    [InlineData("{{ contact.phone | default: contact.company }}")]
    [InlineData("{% if contact.phone == 'x' %}a{% endif %}")]
    public void what_is_only_asked_for_or_not_reached_is_not_missing(string template) => Render(Text(template)).ShouldBeOfType<RenderOutcome.Rendered>();

    [Fact]
    public void all_missing_fields_of_all_parts_are_named() =>
        new EmailTemplates().MissingFields(new("{{ contact.phone }}", "{{ contact.fields.a }}", "{{ contact.fields.b }}{{ contact.phone }}"), Lea, Ann)
            .ShouldBe(["contact.phone", "contact.fields.a", "contact.fields.b"]);

    [Fact]
    public void merged_values_are_escaped_in_html_and_only_there()
    {
        var rendered = Render(new("{{ contact.company }}", "{{ contact.company }}", "<b>{{ contact.company }}</b> {{ contact.company | append: '<i>' | upcase }}"))
            .ShouldBeOfType<RenderOutcome.Rendered>();

        rendered.ShouldBe(new("Acme & Sons", "Acme & Sons", "<b>Acme &amp; Sons</b> ACME &amp; SONS&lt;I&gt;"));
    }

    [Fact]
    public void a_subject_is_one_line() =>
        Render(new("Hi {{ contact.first_name }}\n there", "x", null), Lea with { FirstName = "Lea\r\nBcc: all@acme.test" })
            .ShouldBeOfType<RenderOutcome.Rendered>().Subject.ShouldBe("Hi Lea Bcc: all@acme.test there");

    [Theory]
    [InlineData("{% for i in (1..100000) %}x{% endfor %}", "limit")]
    [InlineData("{% for i in (1..900) %}{% for j in (1..900) %}x{% endfor %}{% endfor %}", "limit")]
    [InlineData("{% assign x = 'xxxxxxxxxx' %}{% for i in (1..100) %}{% assign x = x | append: x %}{% endfor %}", "longer")]
    [InlineData("{% assign x = 'xxxxxxxxxx' %}{% for i in (1..9) %}{% assign x = x | replace: 'x', x %}{% endfor %}", "longer")]
    public void what_would_never_end_is_broken_off(string template, string why) => Render(Text(template)).ShouldBeOfType<RenderOutcome.Broken>().Why.ShouldContain(why);

    [Fact]
    public void a_template_with_problems_is_not_sent_to_anybody() => Render(Text("{{ contact.nope }}")).ShouldBeOfType<RenderOutcome.Broken>().Why.ShouldContain("contact.nope");

    [Fact]
    public void any_text_gives_an_outcome_and_never_an_exception()
    {
        var pieces = Gen.OneOf("{{", "}}", "{%", "%}", "{{-", "-%}", " contact", ".first_name", ".fields", "['a']", " | ", "default: ", "'x'", "\"", "'", "if ", "endif", "for i in (1..3)", "endfor",
            "assign x = ", "x", "case ", "when ", "else", "elsif ", "(", ")", "[", "]", "..", "==", " and ", "!", "nil", "\n", "raw", "endraw", "comment", "endcomment", "include 'a'", "1", "-", "@", "é", "{", "}", "%", ",", ":", "capture y", "endcapture", "date: '%'", "truncate: -5", "unless ", "tablerow a in b");
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["{}%|'\" .:()-\n"], 0, 30], pieces.Array[0, 14].Select(string.Concat)).Sample(text =>
        {
            var broken = Render(new(text, text, text)) is RenderOutcome.Broken;
            // What was saved without a problem can only break at a limit, and nothing this short reaches one.
            broken.ShouldBe(EmailTemplates.Check(new(text, text, text), "").Count > 0);
        }, iter: 20_000);
    }
}
