using System.CommandLine;
using Refrain.Cli.Commands.Classify;
using Refrain.Cli.Commands.Doctor;
using Refrain.Cli.Commands.Forecasts;
using Refrain.Cli.Commands.Import;
using Refrain.Cli.Commands.Keys;
using Refrain.Cli.Commands.Why;

namespace Refrain.Cli.Commands;

/// <summary>The table of contents of the command line. Exit codes: 0 done, 1 failed, 2 wrong usage.</summary>
internal static class RootCommandFactory
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    public static RootCommand Create() => new("Refrain, the sales-sequence engine. `refrain serve` runs the server. Exit codes: 0 done, 1 failed, 2 wrong usage.")
    {
        ClassifyCommand.Create(),
        WhyCommand.Create(),
        ForecastCommand.Create(),
        ImportCommand.Create(),
        new Command("key", "Keys of programs.") { CreateKeyCommand.Create(), ListKeysCommand.Create(), RevokeKeyCommand.Create() },
        DoctorCommand.Create(),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        return WrongUsage;
    }
}
