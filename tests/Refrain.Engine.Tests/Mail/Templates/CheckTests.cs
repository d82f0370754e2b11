using Refrain.Engine.Mail.Templates;
using static Refrain.Engine.Tests.Mail.Templates.TemplateSamples;

namespace Refrain.Engine.Tests.Mail.Templates;

public sealed class CheckTests
{
    [Theory]
    [InlineData("{{ contact.frist_name }}", "unknown_field", "line 1, column 4: there is no field contact.frist_name")]
    [InlineData("a\nb {{ company.name }}", "unknown_field", "line 2, column 6: there is no field company.name")]
    [InlineData("{{ first_name }}", "unknown_field", "there is no field first_name")]
    [InlineData("{{ contact }}", "unknown_field", "there is no field contact;")]
    [InlineData("{{ contact.fields }}", "unknown_field", "contact.fields;")]
    [InlineData("{{ contact['email'] }}", "unknown_field", "contact['email']")]
    [InlineData("{{ contact.first_name.size }}", "unknown_field", "contact.first_name.size")]
    [InlineData("{% if contact.nope == 'x' %}{% endif %}", "unknown_field", "contact.nope")]
    [InlineData("{{ contact.email | upcas }}", "unknown_filter", "line 1, column 20: there is no filter upcas; there are append,")]
    [InlineData("{{ contact.email | date.now }}", "unknown_filter", "date.now")]
    [InlineData("{{ contact.phone | default }}", "wrong_arguments", "the filter default takes 1 arguments, not 0")]
    [InlineData("{{ contact.phone | upcase: 'x' }}", "wrong_arguments", "upcase")]
    [InlineData("{% include 'secrets' %}", "unknown_tag", "include")]
    [InlineData("{% capture x %}a{% endcapture %}", "unknown_tag", "this tag is not allowed")]
    [InlineData("{% tablerow i in (1..2) %}{% endtablerow %}", "unknown_tag", "this tag is not allowed")]
    [InlineData("{% assign contact = 'x' %}", "unknown_tag", "assign takes a new name")]
    [InlineData("{% for i in contact.company %}{% endfor %}", "unknown_tag", "range")]
    [InlineData("{{ contact.first_name", "template_syntax", "")]
    [InlineData("{{ contact.first_name | }}", "template_syntax", "line 1, column")]
    [InlineData("{% if contact.phone %}x", "template_syntax", "")]
    [InlineData("{{ 'x' * 1000000 }}", "template_syntax", "")]
    public void what_cannot_be_sent_is_a_problem_with_its_place(string template, string code, string words)
    {
        var problem = EmailTemplates.Check(Text(template), "steps[0]")[0];

        problem.Field.ShouldBe("steps[0].text");
        problem.Code.ShouldBe(code);
        problem.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("{{ -nil }}")]
    [InlineData("{{ -'x' }}")]
    [InlineData("{{ -true }}")]
    [InlineData("{% for i in (-blank..3) %}{% endfor %}")]
    public void only_a_number_has_a_negative(string text) => EmailTemplates.Check(Text(text), "").ShouldHaveSingleItem().Code.ShouldBe("template_syntax");

    [Fact]
    public void each_part_is_checked() =>
        EmailTemplates.Check(new("{{ a }}", "{{ b }}", "{{ c }}"), "").Select(problem => problem.Field).ShouldBe(["subject", "text", "html"]);

    [Fact]
    public void any_custom_field_is_allowed() => EmailTemplates.Check(Text("{{ contact.fields.whatever }}{{ contact.fields['What ever'] }}"), "").ShouldBeEmpty();

    [Theory]
    [InlineData("{{ 'x' ", "| upcase ", "}}")]
    [InlineData("{{ ", "(", "}}")]
    [InlineData("", "{% if true %}", "")]
    [InlineData("{% if 1 == 2 %}", "{% elsif 1 == 2 %}", "{% endif %}")]
    [InlineData("{% if true ", "and true ", "%}{% endif %}")]
    [InlineData("{{ contact", ".a", " }}")]
    [InlineData("{{ ", "- ", "1 }}")]
    [InlineData("{% case 1 %}", "{% when 2 %}", "{% endcase %}")]
    public void depth_is_a_problem_and_not_the_end_of_the_process(string before, string again, string after) =>
        EmailTemplates.Check(Text(before + string.Concat(Enumerable.Repeat(again, 9_000)) + after), "").ShouldNotBeEmpty();

    [Fact]
    public void length_is_a_problem() => EmailTemplates.Check(Text(new string('x', 200_001)), "")[0].Code.ShouldBe("template_too_long");
}
