using System.CommandLine;
using Refrain.Engine.Mail.Inbound;

namespace Refrain.Cli.Commands.Classify;

/// <summary><c>refrain classify FILE|FOLDER… [--json]</c>: reads mail from disk and says what each message is.</summary>
internal static class ClassifyCommand
{
    // Large enough to keep every core busy between two writes, small enough to hold in memory whatever the folder.
    private const int BatchSize = 256;

    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Messages (RFC 5322), or folders of them.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON line a message." };
        var command = new Command("classify", "Say what incoming messages are: replies, bounces, absence notices …") { paths, json };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(parsed.GetValue(paths) ?? [], parsed.GetValue(json), cancel)));
        return command;
    }

    private static int Run(string[] paths, bool json, CancellationToken cancel)
    {
        var missing = paths.Where(path => !File.Exists(path) && !Directory.Exists(path)).ToList();
        foreach (var path in missing) Console.Error.WriteLine($"classify: there is no file or folder {path}");
        if (missing.Count > 0) return RootCommandFactory.WrongUsage;

        using var output = Console.OpenStandardOutput();
        using var report = json ? (IClassifyOutput)new JsonLines(output) : new TableLines(output);
        var complete = true;
        foreach (var batch in paths.SelectMany(Messages).Chunk(BatchSize))
        {
            complete &= RunBatch(batch, report, cancel);

            // A batch leaves nothing but garbage. Collected here it costs next to nothing, and the peak is the same whatever the folder.
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        }

        return complete ? RootCommandFactory.Done : RootCommandFactory.Failed;
    }

    // Output keeps the order of the input; the reading within a batch does not.
    private static bool RunBatch(string[] batch, IClassifyOutput output, CancellationToken cancel)
    {
        var results = new Result[batch.Length];
        Parallel.For(0, batch.Length, new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount }, index => results[index] = Read(batch[index], output));
        var complete = true;
        foreach (var result in results)
        {
            if (result.Line is { } line) output.Write(line);
            if (result.Problem is not { } problem) continue;
            Console.Error.WriteLine($"classify: {problem}");
            complete = false;
        }

        return complete;
    }

    private static Result Read(string path, IClassifyOutput output)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return new Result(output.Line(path, Classifier.Classify(file)), null);
        }
        catch (IOException unreadable)
        {
            return new Result(null, $"cannot read {path}: {unreadable.Message}");
        }
        catch (UnauthorizedAccessException unreadable)
        {
            return new Result(null, $"cannot read {path}: {unreadable.Message}");
        }
    }

    private static IEnumerable<string> Messages(string path)
    {
        if (!Directory.Exists(path)) return [path];
        return Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden }).Order(StringComparer.Ordinal);
    }

    private readonly record struct Result(byte[]? Line, string? Problem);
}
