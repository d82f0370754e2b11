using NodaTime;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Core.Sequences;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Forecasts;

/// <summary>
/// Contacts who are to be enrolled: nobody has said which, so they live where the workspace's contacts live, in proportion, and, where domains matter, have
/// their addresses where those have them.
/// </summary>
internal static class NewWaves
{
    private const string SharesSql = """
        select {0} as Zone, {1} as Domain, count(*) as Contacts from contact where workspace_id = @workspace and deleted_at is null group by 1, 2 order by 1, 2
        """;

    public static async Task<IReadOnlyList<Wave>> OfAsync(
        Session session, WorkspaceId workspace, Sequence sequence, MailboxId? mailbox, ForecastSenders senders, Instant at, int contacts, CancellationToken cancel)
    {
        if (contacts == 0) return [];
        var sql = SharesSql.Replace("{0}", sequence.Settings.UseContactTimeZone ? "time_zone" : "cast(null as text)", StringComparison.Ordinal)
            .Replace("{1}", senders.LimitDomains ? session.Dialect.DomainOf("email") : "''", StringComparison.Ordinal);
        var rows = await session.QueryAsync<ShareRow>(sql, new { workspace }, cancel);
        var schedules = rows.Select(row => row.Zone ?? "").Append("").Distinct().ToDictionary(zone => zone, zone => ContactSchedules.Of(sequence, zone.Length > 0 ? zone : null, senders.OwnerHoursOf(mailbox)));
        return [.. Shares(contacts, rows).Where(share => share.Count > 0)
            .Select(share => Wave.Enrolled(sequence, schedules[share.Zone ?? ""], mailbox, share.Domain, at, share.Count))];
    }

    // Each share is rounded so that what was rounded off before it is made up for: together they are all contacts.
    private static IEnumerable<(string? Zone, string Domain, int Count)> Shares(int contacts, IReadOnlyList<ShareRow> rows)
    {
        var all = rows.Sum(row => row.Contacts);
        if (all == 0) return [(null, "", contacts)];
        var (passed, given, shares) = (0L, 0, new List<(string?, string, int)>(rows.Count));
        foreach (var row in rows)
        {
            passed += row.Contacts;
            var until = (int)(contacts * passed / all);
            shares.Add((row.Zone, row.Domain, until - given));
            given = until;
        }
        return shares;
    }

    private sealed class ShareRow
    {
        public string? Zone { get; init; }
        public string Domain { get; init; } = "";
        public long Contacts { get; init; }
    }
}
