using System.Diagnostics;

namespace Refrain.Testing;

/// <summary>
/// Starts a server of tests/lab when <c>bin/test</c> has not: a run from an editor. It stops by itself once this process
/// is gone. What is missing on the machine makes tests red, never skipped.
/// </summary>
internal static class LabScript
{
    public static string Start(string script)
    {
        var folder = Directory.CreateTempSubdirectory("refrain-").FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);

        var start = new ProcessStartInfo("bash", [Path.Combine(Root(), "tests", "lab", script), "start", folder, $"{Environment.ProcessId}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"tests/lab/{script} did not start (bin/setup installs what it needs): {errors}");
        return output.Trim();
    }

    /// <summary>The folder of the solution, above the test's own.</summary>
    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Refrain.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"no Refrain.slnx above {AppContext.BaseDirectory}");
    }
}
