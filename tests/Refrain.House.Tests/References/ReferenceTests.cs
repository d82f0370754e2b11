namespace Refrain.House.Tests.References;

public sealed class ReferenceTests
{
    private static readonly IReadOnlyList<SourceFile> Projects =
        Repository.Read(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal));

    [Fact]
    public void projects_know_only_those_below_them()
    {
        Projects.Count.ShouldBe(5);
        Projects.Obeys(ReferenceRules.Forbidden);
    }

    [Theory]
    [InlineData("Refrain.Core", """<ProjectReference Include="../Refrain.Engine/Refrain.Engine.csproj" />""")]
    [InlineData("Refrain.Core", """<PackageReference Include="Dapper" />""")]
    [InlineData("Refrain.Contracts", """<ProjectReference Include="../Refrain.Core/Refrain.Core.csproj" />""")]
    [InlineData("Refrain.Engine", """<ProjectReference Include="../Refrain.Server/Refrain.Server.csproj" />""")]
    [InlineData("Refrain.Abstractions", """<ProjectReference Include="../Refrain.Core/Refrain.Core.csproj" />""")]
    public void a_reference_upwards_is_seen(string project, string reference) =>
        new SourceFile($"src/{project}/{project}.csproj", $"<Project><ItemGroup>{reference}</ItemGroup></Project>").Violates(ReferenceRules.Forbidden);

    [Fact]
    public void core_touches_nothing_outside_itself()
    {
        using var core = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Refrain.Core.dll"));
        core.Length.ShouldBeGreaterThan(0);

        ReferenceRules.UsesOfTheWorld(core).ShouldBeEmpty();
    }

    [Fact]
    public void an_assembly_that_reads_files_is_seen()
    {
        using var ourselves = File.OpenRead(typeof(ReferenceTests).Assembly.Location);

        ReferenceRules.UsesOfTheWorld(ourselves).ShouldContain("System.IO.File");
    }
}
