namespace Refrain.House.Tests.Scripts;

public sealed class ScriptTests
{
    private static readonly IReadOnlyList<SourceFile> Scripts = Repository.Read(
        path => path.StartsWith("bin/", StringComparison.Ordinal) || path.StartsWith("tests/lab/", StringComparison.Ordinal) || path == ".ci/run");

    [Fact]
    public void scripts_stop_at_the_first_failure()
    {
        Scripts.Select(script => script.Path).ShouldContain(".ci/run");
        Scripts.Obeys(ScriptRules.Careless);
    }

    [Fact]
    public void a_careless_script_is_seen() => new SourceFile("bin/some", "#!/bin/bash\nset -e\nrm x\n").Violates(ScriptRules.Careless);

    [Fact]
    public void scripts_can_be_run()
    {
        var programs = Scripts.Where(script => script.Text.StartsWith("#!", StringComparison.Ordinal)).ToList();

        programs.Count.ShouldBeGreaterThan(5);
        programs.Where(script => !IsExecutable(script)).ShouldBeEmpty();
    }

    [Fact]
    public void continuous_integration_runs_the_tests_as_everybody_does() =>
        Scripts.Single(script => script.Path == ".ci/run").Text.ShouldContain("/../bin/test\"");

    [Fact]
    public void a_file_that_cannot_be_run_is_seen() => IsExecutable(new("README.md", "")).ShouldBeFalse();

    private static bool IsExecutable(SourceFile script) =>
        OperatingSystem.IsWindows() || File.GetUnixFileMode(Repository.Full(script.Path)).HasFlag(UnixFileMode.UserExecute);
}
