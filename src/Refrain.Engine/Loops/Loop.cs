using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Refrain.Engine.Loops;

/// <summary>Takes turns for ever. A turn says how long to rest; a wake-up ends the rest. What a turn throws is logged once here, and the rows it had claimed come due again by themselves.</summary>
internal abstract partial class Loop(Wakeups wakeups, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>A rest that a wake-up ends. The hour is for the wake-up that nobody thought of.</summary>
    protected static readonly TimeSpan UntilWoken = TimeSpan.FromHours(1);

    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim woken = new(0, 1);

    /// <summary>Which wake-ups end its rest; null = none but its own.</summary>
    protected virtual Wakeup? SleepsFor => Wakeup.Work;

    /// <summary>Does what is due now; zero = there is more.</summary>
    public abstract Task<TimeSpan> TurnAsync(CancellationToken cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (SleepsFor is { } what) wakeups.Add(what, Wake);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                await RestAsync(await TurnSafelyAsync(stoppingToken), stoppingToken);
        }
        finally
        {
            wakeups.Remove(Wake);
        }
    }

    private async Task<TimeSpan> TurnSafelyAsync(CancellationToken cancel)
    {
        try
        {
            return await TurnAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception failure)
        {
            LogTurnFailed(logger, GetType().Name, failure);
            return RestAfterFailure;
        }
    }

    /// <summary>Does a part of a turn whose failure must not end the rest of it; false when it failed, which is logged.</summary>
    protected async Task<bool> TryAsync(Func<Task> part, CancellationToken cancel)
    {
        try
        {
            await part();
            return true;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            LogTurnFailed(logger, GetType().Name, failure);
            return false;
        }
    }

    private async Task RestAsync(TimeSpan rest, CancellationToken cancel)
    {
        if (rest <= TimeSpan.Zero || cancel.IsCancellationRequested) return;
        using var over = new CancellationTokenSource(rest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancel);
        try
        {
            await woken.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // The rest is over, or the process stops; the caller sees which.
        }
    }

    protected void Wake()
    {
        lock (woken)
            if (woken.CurrentCount == 0)
                woken.Release();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn of {Loop} failed; it is taken again.")]
    private static partial void LogTurnFailed(ILogger logger, string loop, Exception failure);
}
