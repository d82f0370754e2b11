namespace Refrain.House.Tests.Documents;

public sealed class LinkTests
{
    private static readonly string[] Paths = ["README.md", "docs/tour.md", "src/Some.cs"];

    [Fact]
    public void links_in_the_documents_lead_somewhere()
    {
        var pages = Repository.EndingWith(".md");

        LinkRules.Count(pages).ShouldBeGreaterThan(10);
        LinkRules.Broken(pages, Repository.Paths).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[x](docs/tours.md)")]
    [InlineData("[x](tour.md)")]
    [InlineData("[x](docs/tour.md#the-end)")]
    [InlineData("[x](#nowhere)")]
    public void a_broken_link_is_seen(string text) => Broken(text).ShouldHaveSingleItem();

    [Theory]
    [InlineData("[x](docs/tour.md)")]
    [InlineData("[x](docs/)")]
    [InlineData("[x](docs/tour.md#a-first-look)")]
    [InlineData("[x](https://example.test/none)")]
    [InlineData("```\n[x](none.md)\n```")]
    public void a_link_that_leads_somewhere_passes(string text) => Broken(text).ShouldBeEmpty();

    private static IEnumerable<string> Broken(string text) =>
        LinkRules.Broken([new("README.md", text), new("docs/tour.md", "# A first look\n")], Paths);
}
