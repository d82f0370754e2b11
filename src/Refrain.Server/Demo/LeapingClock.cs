using Microsoft.Extensions.Time.Testing;
using Refrain.Engine.Hosting;

namespace Refrain.Server.Demo;

/// <summary>
/// Moves the rehearsal's clock: by a quarter of an hour while nothing is due, by a second while the engine works, so that the engine never sees an outage that was none.
/// </summary>
internal sealed class LeapingClock(FakeTimeProvider time, EngineQuiet engine) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Leap = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SmallStep = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beats = new PeriodicTimer(Beat, TimeProvider.System);
        while (await beats.WaitForNextTickAsync(stoppingToken))
            time.Advance(await engine.IsQuietAsync(stoppingToken) ? Leap : SmallStep);
    }
}
