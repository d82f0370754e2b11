namespace Refrain.Engine;

/// <summary>
/// Named places between two effects where a test may end the process, as PostgreSQL has them (postgresql.org/docs/current/xfunc-c.html, "Injection Points").
/// Nothing happens at them unless the process was told a name.
/// </summary>
public static class InjectionPoints
{
    public const string BeforeIntent = "before_intent";
    public const string AfterIntent = "after_intent";
    public const string AfterHanded = "after_handed";
    public const string InsideBatch = "inside_batch";
    public const string AfterAccepted = "after_accepted";
    public const string BeforeOutcome = "before_outcome";

    /// <summary>Called with the name of each place that is passed; null in ordinary life.</summary>
    public static Action<string>? Passed { get; set; }

    internal static void Pass(string name) => Passed?.Invoke(name);
}
