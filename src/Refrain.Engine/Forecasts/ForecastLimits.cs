using NodaTime;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Forecasts;

/// <summary>The limits that sequences set to themselves, with what is used of them.</summary>
internal static class ForecastLimits
{
    private static readonly Duration Day = Duration.FromHours(24);

    private const string LiveSql = """
        select count(*) from enrollment where sequence_id = @sequence and emails_sent > 0 and state in ('active', 'pending', 'paused', 'paused_o3', 'failed')
        """;

    public static async Task<IReadOnlyList<PlannedLimit>> LoadAsync(Session session, Sequence asked, IReadOnlyList<Wave> waves, Instant now, CancellationToken cancel)
    {
        var sequences = waves.Select(wave => wave.Sequence).Append(asked).GroupBy(sequence => sequence.Id)
            .Select(versions => versions.MaxBy(sequence => sequence.Version)!).Where(SlotDesks.HasLimits).ToList();
        var used = await LimitUse.OfScopesAsync(session, [.. sequences.Select(sequence => LimitUse.Scope(sequence.Id))], now, cancel);
        var limits = new List<PlannedLimit>(sequences.Count);
        foreach (var sequence in sequences)
        {
            RollingBudget? fresh = sequence.Settings.NewContactsPerDay is { } most ? new(most, Day, [.. used[LimitUse.Scope(sequence.Id)]], 0) : null;
            limits.Add(new(sequence.Id, fresh, sequence.Settings.MaximumLive, await OtherLiveAsync(session, sequence.Id, waves, cancel)));
        }
        return limits;
    }

    // Those who wait for a person have their place too, and no wave tells of them.
    private static async Task<int> OtherLiveAsync(Session session, SequenceId sequence, IReadOnlyList<Wave> waves, CancellationToken cancel)
    {
        var live = await session.FirstAsync<int>(LiveSql, new { sequence }, cancel);
        return Math.Max(0, live - waves.Where(wave => wave.Sequence.Id == sequence && wave.HasSent).Sum(wave => wave.Count));
    }
}
