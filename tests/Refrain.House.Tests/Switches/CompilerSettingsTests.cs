namespace Refrain.House.Tests.Switches;

public sealed class CompilerSettingsTests
{
    [Fact]
    public void a_forgotten_member_is_an_error_of_the_compiler() => CompilerSettings.ErrorsIn(Switch("State.Open => 1")).ShouldBe(["CS8509"]);

    [Fact]
    public void a_switch_that_names_all_members_needs_no_rest() => CompilerSettings.ErrorsIn(Switch("State.Open => 1, State.Closed => 2")).ShouldBeEmpty();

    [Fact]
    public void a_forgotten_member_of_an_inner_switch_is_an_error_too() =>
        CompilerSettings.ErrorsIn(Switch("State.Open => signal switch { State.Open => 1 }, State.Closed => 2")).ShouldBe(["CS8509"]);

    [Fact]
    public void settings_that_silence_the_compiler_are_seen()
    {
        var silenced = File.ReadAllText(Repository.Full(".editorconfig")) + "\n[*.cs]\ndotnet_diagnostic.CS8509.severity = none\n";

        CompilerSettings.ErrorsIn(Switch("State.Open => 1"), silenced).ShouldBeEmpty();
    }

    private static string Switch(string arms) =>
        $"internal enum State {{ Open, Closed }} internal static class Machine {{ public static int Decide(State state, State signal) => state switch {{ {arms} }}; }}";
}
