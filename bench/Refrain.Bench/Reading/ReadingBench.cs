using System.Diagnostics;
using System.Globalization;
using Refrain.Testing;

namespace Refrain.Bench.Reading;

/// <summary>
/// <c>refrain classify FOLDER --json</c> over 1,000 and over 10,000 messages of the tests' own corpus, each in a process of its own.
/// The difference between the two is free of what starting costs.
/// </summary>
internal static class ReadingBench
{
    private const int Few = 1_000;
    private const int Many = 10_000;
    private const int Rounds = 5;
    private const double LeastPerSecond = 5_000;
    private const double MostMemory = 1.20;

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("refrain-reading-");
        try
        {
            var few = Fill(folder, Few);
            var many = Fill(folder, Many);
            var rounds = Enumerable.Range(0, Rounds).Select(_ => (Few: Classify(few), Many: Classify(many))).ToList();
            var perSecond = Median(rounds.Select(round => (Many - Few) / (round.Many.Seconds - round.Few.Seconds)));
            var memory = Median(rounds.Select(round => (double)round.Many.PeakBytes / round.Few.PeakBytes));
            var peak = Median(rounds.Select(round => round.Many.PeakBytes / 1024.0 / 1024.0));
            Console.WriteLine(FormattableString.Invariant($"classify: {perSecond:N0} messages a second (limit {LeastPerSecond:N0}), peak {peak:N0} MB at {Many:N0} messages, {memory:0.00} times that at {Few:N0} (limit {MostMemory:0.00})"));
            return perSecond >= LeastPerSecond && memory <= MostMemory ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Fill(DirectoryInfo folder, int count)
    {
        var target = folder.CreateSubdirectory(count.ToString(CultureInfo.InvariantCulture));
        var messages = Directory.GetFiles(Path.Combine(SolutionFolder.Path, "tests", "Refrain.Engine.Tests", "Mail", "Corpus"), "*.eml").Order(StringComparer.Ordinal).ToList();
        for (var index = 0; index < count; index++) File.Copy(messages[index % messages.Count], Path.Combine(target.FullName, $"{index:D5}.eml"));
        return target.FullName;
    }

    private static (double Seconds, long PeakBytes) Classify(string folder)
    {
        var program = Path.Combine(SolutionFolder.Path, "src", "Refrain.Cli", "bin", "Release", "net10.0", "Refrain.Cli.dll");
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "classify", folder, "--json"]) { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("dotnet did not start.");
        var peak = Drain(process);
        process.WaitForExit();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (process.ExitCode != 0) throw new InvalidOperationException($"classify ended with {process.ExitCode}.");
        return (seconds, peak);
    }

    /// <summary>Reads what the process prints to its end; returns the most memory that it was seen to hold, in bytes.</summary>
    private static long Drain(Process process)
    {
        var buffer = new byte[64 * 1024];
        var peak = 0L;
        while (process.StandardOutput.BaseStream.Read(buffer) > 0)
        {
            process.Refresh();
            if (!process.HasExited) peak = Math.Max(peak, process.PeakWorkingSet64);
        }

        return peak;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
