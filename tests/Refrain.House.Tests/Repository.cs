using Refrain.Testing;

namespace Refrain.House.Tests;

/// <summary>The files of the project, without what builds and runs leave behind.</summary>
internal static class Repository
{
    private static readonly string[] LeftOut = ["bin", "obj", ".git", ".vs", ".idea", "data", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static IReadOnlyList<string> Paths { get; } = [.. Walk(SolutionFolder.Path).Order(StringComparer.Ordinal)];

    /// <summary>The C# of the product.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } = Read(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The C# of the product and of everything around it.</summary>
    public static IReadOnlyList<SourceFile> Code { get; } = Read(path => path.EndsWith(".cs", StringComparison.Ordinal));

    public static IReadOnlyList<SourceFile> Read(Func<string, bool> wanted) =>
        [.. Paths.Where(wanted).Select(path => new SourceFile(path, File.ReadAllText(Full(path))))];

    public static IReadOnlyList<SourceFile> EndingWith(string ending) => Read(path => path.EndsWith(ending, StringComparison.Ordinal));

    public static string Full(string path) => Path.Combine(SolutionFolder.Path, path);

    /// <summary>A rule holds: it was shown something, and it found nothing.</summary>
    public static void Obeys(this IReadOnlyList<SourceFile> files, Func<IReadOnlyList<SourceFile>, IEnumerable<string>> rule)
    {
        files.ShouldNotBeEmpty("the rule was shown nothing");
        rule(files).ShouldBeEmpty();
    }

    /// <summary>A rule sees a violation. Its path stands for where such a file would lie.</summary>
    public static void Violates(this SourceFile file, Func<IReadOnlyList<SourceFile>, IEnumerable<string>> rule) =>
        rule([file]).ShouldHaveSingleItem().ShouldContain(file.Path);

    /// <summary>What stands in bin/ at the root are scripts, not the leavings of a build.</summary>
    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return Path.GetRelativePath(SolutionFolder.Path, file).Replace('\\', '/');
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            var isScripts = Path.GetRelativePath(SolutionFolder.Path, inner) == "bin";
            if (LeftOut.Contains(Path.GetFileName(inner)) && !isScripts) continue;
            foreach (var file in Walk(inner)) yield return file;
        }
    }
}
