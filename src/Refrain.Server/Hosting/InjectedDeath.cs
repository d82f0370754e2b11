using System.Diagnostics;
using System.Globalization;
using Refrain.Engine;

namespace Refrain.Server.Hosting;

/// <summary>Kills this process at a named point between two effects, when it was told to: for tests of what the next process makes of it (docs/debugging.md).</summary>
internal static class InjectedDeath
{
    public const string PointVariable = "REFRAIN_DIE_AT";
    public const string NoteVariable = "REFRAIN_DIED_AT_FILE";

    /// <summary>Reads <c>point</c> or <c>point:n</c>; does nothing where nothing is said.</summary>
    public static void Arm(Func<string, string?> setting)
    {
        if (setting(PointVariable) is not { Length: > 0 } told) return;
        var (point, left) = Parse(told);
        InjectionPoints.Passed = passed =>
        {
            if (passed == point && Interlocked.Decrement(ref left) == 0) Die(point, setting(NoteVariable));
        };
    }

    private static (string Point, int Pass) Parse(string told) => told.Split(':') switch
    {
        [var point] => (point, 1),
        [var point, var pass] => (point, int.Parse(pass, NumberStyles.None, CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"{PointVariable} is \"{told}\"; write point or point:n."),
    };

    private static void Die(string point, string? note)
    {
        if (note is not null) File.AppendAllText(note, $"{point}\n");
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
