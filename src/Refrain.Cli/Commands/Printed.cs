using System.CommandLine;
using System.Text.Json;
using Refrain.Contracts;

namespace Refrain.Cli.Commands;

/// <summary>What a command says: a line of JSON for programs, or words for people.</summary>
internal static class Printed
{
    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    public static void Line<T>(T value) => Console.WriteLine(JsonSerializer.Serialize(value, WireJson.Options));

    public static string At(DateTimeOffset? instant) => instant is { } at ? at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture) : "";
}
