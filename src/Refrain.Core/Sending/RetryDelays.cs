using NodaTime;

namespace Refrain.Core.Sending;

/// <summary>When a deferred message is tried again: after 1, 5, 30 minutes, 2, 6 and 12 hours. Then the step has failed.</summary>
public static class RetryDelays
{
    public static IReadOnlyList<Duration> All { get; } =
    [
        Duration.FromMinutes(1), Duration.FromMinutes(5), Duration.FromMinutes(30),
        Duration.FromHours(2), Duration.FromHours(6), Duration.FromHours(12),
    ];

    /// <summary>The wait after so many deferrals (from 1); null when they are spent.</summary>
    public static Duration? After(int deferrals) => deferrals >= 1 && deferrals <= All.Count ? All[deferrals - 1] : null;
}
