using Refrain.Core.Enrollments;
using Spectre.Console;

namespace Refrain.Server.Demo;

/// <summary>Runs the rehearsal to its end, and says whether the counts are the fates of its cast.</summary>
internal sealed class DemoRun(Rehearsal rehearsal, DemoScreen screen, IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    /// <summary>True when every run ended as its character's habit says.</summary>
    public async Task<bool> PlayAsync(CancellationToken cancel)
    {
        await rehearsal.BeginAsync(cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Longest);
        if (console.Profile.Capabilities.Interactive)
            await console.Live(screen.Draw(time.GetUtcNow(), [])).StartAsync(live => WatchAsync(runs => live.UpdateTarget(screen.Draw(time.GetUtcNow(), runs)), patience.Token));
        else
            await WatchAsync(runs => screen.WriteChanges(time.GetUtcNow(), runs), patience.Token);
        var counts = await rehearsal.CountAsync(cancel);
        var fates = Fates();
        screen.Close(counts, fates);
        return counts.Where(count => count.Value > 0).OrderBy(count => count.Key, StringComparer.Ordinal).SequenceEqual(fates.OrderBy(fate => fate.Key, StringComparer.Ordinal));
    }

    private async Task WatchAsync(Action<IReadOnlyList<(Character Who, string State, string Reason)>> show, CancellationToken cancel)
    {
        using var ticks = new PeriodicTimer(Refresh, TimeProvider.System);
        do
        {
            var runs = await rehearsal.LookAsync(cancel);
            show(runs);
            if (runs.All(run => IsOver(run.Who, run.State))) return;
            await rehearsal.DoTasksAsync(cancel);
        }
        while (await ticks.WaitForNextTickAsync(cancel));
    }

    /// <summary>A failed run waits for a person for ever; where that is the fate, it is the end.</summary>
    private static bool IsOver(Character who, string state) =>
        EnrollmentStates.FromWireName(state) is var now && (!now.IsOpen() || now == who.Fate);

    private static Dictionary<string, int> Fates() =>
        Character.Cast.GroupBy(character => character.Fate.WireName(), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}
