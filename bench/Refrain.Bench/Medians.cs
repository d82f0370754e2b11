using System.Diagnostics;

namespace Refrain.Bench;

/// <summary>Times of the same thing, done again and again.</summary>
internal sealed class Medians
{
    private readonly List<double> milliseconds = [];

    public double Median => milliseconds.Order().ElementAt(milliseconds.Count / 2);

    public async Task TakeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}
