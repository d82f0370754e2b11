using Microsoft.Extensions.Logging;
using NodaTime;

namespace Refrain.Engine.Loops;

/// <summary>A loop over a queue whose entries have times of their own: it sleeps until the first is due.</summary>
internal abstract class QueueLoop(Wakeups wakeups, TimeProvider time, ILogger logger) : Loop(wakeups, time, logger)
{
    private static readonly TimeSpan RestWhenTaken = TimeSpan.FromSeconds(1);
    private readonly TimeProvider time = time;

    public sealed override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        if (await NextAsync(cancel) is not { } next) return UntilWoken;
        var now = time.Now();
        if (next > now) return (next - now).ToTimeSpan();
        return await WorkAsync(cancel) ? TimeSpan.Zero : RestWhenTaken;
    }

    /// <summary>When the first entry is due; null when there is none.</summary>
    protected abstract Task<Instant?> NextAsync(CancellationToken cancel);

    /// <summary>Works off what is due; false when others have taken it.</summary>
    protected abstract Task<bool> WorkAsync(CancellationToken cancel);
}
