using System.Diagnostics;

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>Waits for the thing itself: looks again and again, never longer than its patience.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>The first look that is wanted; throws with <paramref name="told"/> of the last look when none was in time.</summary>
    public static async Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> wanted, Func<T, Task<string>> told, TimeSpan? patience = null)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (wanted(seen)) return seen;
            if (waited.Elapsed > (patience ?? Patience)) throw new TimeoutException($"after {waited.Elapsed.TotalSeconds:0} s: {await told(seen)}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public static Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> wanted, TimeSpan? patience = null) =>
        SeeAsync(look, wanted, seen => Task.FromResult($"still {seen}"), patience);
}
