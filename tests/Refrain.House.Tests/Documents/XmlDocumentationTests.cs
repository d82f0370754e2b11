using System.Xml.Linq;
using Refrain.Core.Enrollments;

namespace Refrain.House.Tests.Documents;

public sealed class XmlDocumentationTests
{
    private static readonly XDocument Core = XmlDocumentation.OfCore();

    [Fact]
    public void every_signal_says_what_happened()
    {
        var signals = XmlDocumentation.Heirs(typeof(Signal));

        signals.Count.ShouldBeGreaterThan(20);
        XmlDocumentation.Undocumented([.. signals.Select(XmlDocumentation.IdOf)], Core).ShouldBeEmpty();
    }

    [Fact]
    public void every_kind_of_signal_is_a_signal_of_that_name() =>
        XmlDocumentation.Heirs(typeof(Signal)).Select(signal => signal.Name).ShouldBe(Enum.GetNames<SignalKind>(), ignoreOrder: true);

    [Fact]
    public void every_effect_says_what_is_asked_of_the_engine()
    {
        var effects = XmlDocumentation.Heirs(typeof(Effect));

        effects.Count.ShouldBeGreaterThan(5);
        XmlDocumentation.Undocumented([.. effects.Select(XmlDocumentation.IdOf)], Core).ShouldBeEmpty();
    }

    [Fact]
    public void every_state_says_what_it_means()
    {
        var states = XmlDocumentation.IdsOfMembers(typeof(EnrollmentState));

        states.Count.ShouldBe(14);
        XmlDocumentation.Undocumented(states, Core).ShouldBeEmpty();
    }

    [Fact]
    public void every_public_type_of_core_has_a_sentence()
    {
        var types = typeof(Signal).Assembly.GetExportedTypes();

        types.Length.ShouldBeGreaterThan(50);
        XmlDocumentation.Undocumented([.. types.Select(XmlDocumentation.IdOf)], Core).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<member name='T:Other'><summary>It is.</summary></member>")]
    [InlineData("<member name='T:Thing'></member>")]
    [InlineData("<member name='T:Thing'><summary> </summary></member>")]
    [InlineData("<member name='T:Thing'><summary>thing</summary></member>")]
    public void what_has_no_sentence_is_seen(string member) =>
        XmlDocumentation.Undocumented(["T:Thing"], XDocument.Parse($"<doc><members>{member}</members></doc>")).ShouldHaveSingleItem();
}
