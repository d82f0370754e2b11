using Refrain.Testing;

namespace Refrain.Bench.Waiting;

/// <summary>
/// A turn of the engine with 100 due, beside few and beside many that wait. The two databases live side by side and take turns, so that what else the
/// machine does touches both alike; what counts is the ratio of their medians.
/// </summary>
internal static class WaitingBench
{
    private const int Few = 10_000;
    private const int WarmUp = 8;
    private const int Rounds = 41;
    private const double Limit = 1.2;

    public static async Task<bool> RunAsync(DatabaseKind kind, int many)
    {
        Console.WriteLine($"{kind}: filling {Few:N0} and {many:N0} …");
        await using var small = await WaitingScene.StartAsync(kind, Few);
        await using var large = await WaitingScene.StartAsync(kind, many);
        for (var round = 0; round < WarmUp; round++)
        {
            await small.TurnAsync(new(), new());
            await large.TurnAsync(new(), new());
        }
        var (turns, idle) = ((Small: new Medians(), Large: new Medians()), (Small: new Medians(), Large: new Medians()));
        for (var round = 0; round < Rounds; round++)
        {
            // Each goes first every other time.
            if (round % 2 == 0) await small.TurnAsync(turns.Small, idle.Small);
            await large.TurnAsync(turns.Large, idle.Large);
            if (round % 2 == 1) await small.TurnAsync(turns.Small, idle.Small);
        }
        var within = Tell("turn with 100 due", turns.Small, turns.Large, many);
        return Tell("turn with nothing due", idle.Small, idle.Large, many) & within;
    }

    private static bool Tell(string what, Medians small, Medians large, int many)
    {
        var ratio = large.Median / small.Median;
        Console.WriteLine($"  {what,-22} {Few:N0} waiting: {small.Median,8:0.00} ms   {many:N0} waiting: {large.Median,8:0.00} ms   ratio {ratio:0.00} (limit {Limit:0.00})");
        return ratio <= Limit;
    }
}
