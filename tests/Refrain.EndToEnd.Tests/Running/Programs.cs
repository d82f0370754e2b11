using System.Diagnostics;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>How our programs are started on a database, and what a short one prints.</summary>
internal static class Programs
{
    public static ProcessStartInfo Start(string program, FreshDatabase database, IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = database.Folder,
        };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("REFRAIN_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        start.Environment["REFRAIN_DATA"] = database.Folder;
        if (database.Kind is DatabaseKind.Postgres) start.Environment["REFRAIN_DATABASE"] = database.ConnectionString;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }

    /// <summary>Runs a command to its end; gives what it printed, and throws when it failed.</summary>
    public static async Task<string> RunAsync(string program, FreshDatabase database, params string[] arguments)
    {
        var ended = await EndAsync(program, database, [], arguments);
        if (ended.ExitCode != 0)
            throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {ended.ExitCode}: {ended.Errors}{ended.Printed}");
        return ended.Printed;
    }

    /// <summary>Runs a command to its end, however that is.</summary>
    public static async Task<Ended> EndAsync(string program, FreshDatabase database, IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        using var process = Process.Start(Start(program, database, environment, arguments))!;
        var printed = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await printed, await errors);
    }
}

/// <summary>How a command ended and what it said.</summary>
internal sealed record Ended(int ExitCode, string Printed, string Errors);
