using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>The programs as they were built beside these tests, in the same configuration.</summary>
internal static class Builds
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Server { get; } = Program("Refrain.Server");

    public static string Cli { get; } = Program("Refrain.Cli");

    private static string Program(string project)
    {
        var file = Path.Combine(SolutionFolder.Path, "src", project, "bin", Configuration, "net10.0", $"{project}.dll");
        return File.Exists(file) ? file : throw new FileNotFoundException($"{project} is not built in {Configuration}.", file);
    }
}
