namespace Refrain.House.Tests.Exceptions;

public sealed class ExceptionTests
{
    [Fact]
    public void only_the_loop_catches_everything() => Repository.Product.Obeys(ExceptionRules.CatchAll);

    [Theory]
    [InlineData("catch (Exception error) { Log(error); }")]
    [InlineData("catch (Exception) when (Ready) { Log(); }")]
    [InlineData("catch { Log(); }")]
    public void a_catch_of_everything_is_seen(string clause) => Try("src/Some.cs", clause).Violates(ExceptionRules.CatchAll);

    [Theory]
    [InlineData("src/Refrain.Engine/Loops/Loop.cs", "catch (Exception error) { Log(error); }")]
    [InlineData("src/Some.cs", "catch (IOException error) { Log(error); }")]
    [InlineData("src/Some.cs", "catch (Exception error) when (error is IOException or FormatException) { Log(error); }")]
    public void the_loop_and_a_named_failure_pass(string path, string clause) => ExceptionRules.CatchAll([Try(path, clause)]).ShouldBeEmpty();

    [Fact]
    public void no_exception_is_swallowed() => Repository.Code.Obeys(ExceptionRules.Swallowed);

    [Theory]
    [InlineData("catch (IOException) { }")]
    [InlineData("catch {\n // never mind\n }")]
    public void a_swallowed_exception_is_seen(string clause) => Try("src/Some.cs", clause).Violates(ExceptionRules.Swallowed);

    [Fact]
    public void an_expected_failure_that_is_explained_passes() =>
        ExceptionRules.Swallowed([Try("src/Some.cs", "catch (IOException) {\n // The file is gone, as it should be.\n }")]).ShouldBeEmpty();

    [Fact]
    public void nothing_is_left_unfinished() => Repository.Code.Obeys(ExceptionRules.NotFinished);

    [Theory]
    [InlineData("class C { } // TODO: later")]
    [InlineData("/* FIXME */ class C { }")]
    [InlineData("class C { int M() => throw new NotImplementedException(); }")]
    [InlineData("class C { int M() => throw new NotSupportedException(\"later\"); }")]
    public void an_unfinished_place_is_seen(string code) => new SourceFile("src/Some.cs", code).Violates(ExceptionRules.NotFinished);

    private static SourceFile Try(string path, string clause) => new(path, $"class C {{ void M() {{ try {{ Run(); }} {clause} }} }}");
}
