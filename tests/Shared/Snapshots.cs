namespace Refrain.Testing;

/// <summary>
/// Texts that are generated and kept (an API description, a help page): tests/Snapshots holds what was agreed on.
/// <c>REFRAIN_ACCEPT=1 bin/test House</c> agrees to what is generated now.
/// </summary>
internal static class Snapshots
{
    public static void Compare(string name, string text) =>
        Compare(Path.Combine(SolutionFolder.Path, "tests", "Snapshots", name), text, Environment.GetEnvironmentVariable("REFRAIN_ACCEPT") == "1");

    internal static void Compare(string file, string text, bool accept)
    {
        var actual = text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (accept)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        File.Exists(file).ShouldBeTrue($"there is no {file}: run again with REFRAIN_ACCEPT=1 and read it");
        actual.ShouldBe(File.ReadAllText(file), $"{file} differs; if the new text is right: REFRAIN_ACCEPT=1");
    }
}
