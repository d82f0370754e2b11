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

        var start = new ProcessStartInfo("bash", [Path.Combine(SolutionFolder.Path, "tests", "lab", script), "start", folder, $"{Environment.ProcessId}"])
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
}
