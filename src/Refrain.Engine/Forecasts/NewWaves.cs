using NodaTime;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Core.Sequences;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Forecasts;

/// <summary>Contacts who are to be enrolled: nobody has said which, so they live where the workspace's contacts live, in proportion.</summary>
internal static class NewWaves
{
    private const string ZonesSql = """
        select time_zone as Zone, count(*) as Contacts from contact where workspace_id = @workspace and deleted_at is null group by time_zone order by time_zone
        """;

    public static async Task<IReadOnlyList<Wave>> OfAsync(
        Session session, WorkspaceId workspace, Sequence sequence, int? sender, Instant at, int contacts, CancellationToken cancel)
    {
        if (contacts == 0) return [];
        var zones = sequence.Settings.UseContactTimeZone ? await session.QueryAsync<ZoneRow>(ZonesSql, new { workspace }, cancel) : [];
        return [.. Shares(contacts, zones).Where(share => share.Count > 0)
            .Select(share => Wave.Enrolled(sequence, ContactSchedules.Of(sequence, share.Zone), sender, at, share.Count))];
    }

    // Each zone's share is rounded so that what was rounded off before it is made up for: together they are all contacts.
    private static IEnumerable<(string? Zone, int Count)> Shares(int contacts, IReadOnlyList<ZoneRow> zones)
    {
        var all = zones.Sum(zone => zone.Contacts);
        if (all == 0) return [(null, contacts)];
        var (passed, given, shares) = (0L, 0, new List<(string?, int)>(zones.Count));
        foreach (var zone in zones)
        {
            passed += zone.Contacts;
            var until = (int)(contacts * passed / all);
            shares.Add((zone.Zone, until - given));
            given = until;
        }
        return shares;
    }

    private sealed class ZoneRow
    {
        public string? Zone { get; init; }
        public long Contacts { get; init; }
    }
}
