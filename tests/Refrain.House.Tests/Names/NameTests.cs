namespace Refrain.House.Tests.Names;

public sealed class NameTests
{
    [Fact]
    public void types_are_named_by_nouns_of_the_domain() => Repository.Code.Obeys(NameRules.EmptyWords);

    [Theory]
    [InlineData("class EnrollmentManager;")]
    [InlineData("record ContactDto(int Id);")]
    [InlineData("interface IMailService;")]
    [InlineData("static class StringHelper { }")]
    [InlineData("class SomeHandler : Something;")]
    public void an_empty_word_is_seen(string type) => new SourceFile("src/Some.cs", type).Violates(NameRules.EmptyWords);

    [Theory]
    [InlineData("class KeyHandler(int x) : AuthenticationHandler<KeyOptions>(x);")]
    [InlineData("class Database;")]
    [InlineData("record Metadata;")]
    public void a_framework_s_word_and_a_whole_noun_pass(string type) => NameRules.EmptyWords([new("src/Some.cs", type)]).ShouldBeEmpty();
}
