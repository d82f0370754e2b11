namespace Refrain.House.Tests.Switches;

public sealed class SwitchTests
{
    private const string OurEnum = "enum Light { Red, Green }";

    [Fact]
    public void a_switch_over_our_enum_names_every_member() => Repository.Product.Obeys(SwitchRules.OpenSwitches);

    [Theory]
    [InlineData("x switch { Light.Red => 1, _ => 2 }")]
    [InlineData("x switch { Light.Red or Light.Green => 1, _ => 2 }")]
    [InlineData("x switch { Core.Light.Red => 1, var rest => 2 }")]
    public void a_switch_that_catches_the_rest_is_seen(string expression) =>
        new SourceFile("src/Some.cs", $"{OurEnum} class C {{ int M(Light x) => {expression}; }}").Violates(SwitchRules.OpenSwitches);

    [Fact]
    public void a_default_label_is_seen() =>
        new SourceFile("src/Some.cs", $"{OurEnum} class C {{ void M(Light x) {{ switch (x) {{ case Light.Red: break; default: break; }} }} }}")
            .Violates(SwitchRules.OpenSwitches);

    [Theory]
    [InlineData("x switch { \"red\" => 1, _ => 2 }")]
    [InlineData("x switch { StringComparison.Ordinal => 1, _ => 2 }")]
    [InlineData("x switch { Light.Red => 1, Light.Green => 2 }")]
    [InlineData("x switch { { Color: Light.Red } => 1, _ => 2 }")]
    public void other_switches_pass(string expression) =>
        SwitchRules.OpenSwitches([new("src/Some.cs", $"{OurEnum} class C {{ int M(object x) => {expression}; }}")]).ShouldBeEmpty();

    [Fact]
    public void a_rest_in_the_machine_is_seen() =>
        new SourceFile("src/EnrollmentMachine.Exits.cs", "class C { int M(int x) => x switch { 1 => 1, _ => 2 }; }").Violates(SwitchRules.RestInTheMachine);
}
