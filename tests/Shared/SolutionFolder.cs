namespace Refrain.Testing;

/// <summary>The folder of the solution, above the one that the tests run in.</summary>
internal static class SolutionFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Refrain.slnx"))) folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"no Refrain.slnx above {AppContext.BaseDirectory}");
    }
}
