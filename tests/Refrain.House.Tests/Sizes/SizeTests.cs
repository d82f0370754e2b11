namespace Refrain.House.Tests.Sizes;

public sealed class SizeTests
{
    [Fact]
    public void no_file_is_longer_than_250_lines() => Repository.Code.Obeys(SizeRules.LongFiles);

    [Fact]
    public void a_long_file_is_seen() => new SourceFile("src/Long.cs", Lines(251)).Violates(SizeRules.LongFiles);

    [Fact]
    public void half_of_the_files_have_at_most_70_lines()
    {
        Repository.Product.Count.ShouldBeGreaterThan(10);
        SizeRules.Median(Repository.Product).ShouldBeLessThanOrEqualTo(SizeRules.MedianOfFiles);
    }

    [Fact]
    public void the_median_is_the_file_in_the_middle() =>
        SizeRules.Median([new("a.cs", Lines(1)), new("b.cs", Lines(200)), new("c.cs", Lines(80))]).ShouldBe(80);

    [Fact]
    public void no_method_is_longer_than_60_lines() => Repository.Code.Obeys(SizeRules.LongMethods);

    [Theory]
    [InlineData("void M() { # }")]
    [InlineData("int M() => 1 # ;")]
    [InlineData("int P { get { # } }")]
    [InlineData("int P => 1 # ;")]
    public void a_long_method_is_seen(string member) =>
        new SourceFile("src/Long.cs", $"class C {{ {member.Replace("#", Lines(61))} }}").Violates(SizeRules.LongMethods);

    [Fact]
    public void a_program_is_a_table_of_contents() => Repository.Code.Obeys(SizeRules.LongPrograms);

    [Fact]
    public void a_long_program_is_seen() => new SourceFile("src/Program.cs", $"Run();{Lines(61)}").Violates(SizeRules.LongPrograms);

    [Fact]
    public void no_page_has_more_than_120_lines_of_markup() => SizeRules.LongPages(Repository.EndingWith(".razor")).ShouldBeEmpty();

    [Fact]
    public void a_long_page_is_seen() => new SourceFile("src/Long.razor", Lines(121)).Violates(SizeRules.LongPages);

    private static string Lines(int count) => new('\n', count);
}
