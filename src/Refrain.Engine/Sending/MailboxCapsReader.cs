using NodaTime;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>Loads the caps of mailboxes and counts into them. Only accepted messages count (and those whose outcome is unknown); what is intended or handed over holds a reservation.</summary>
internal sealed class MailboxCapsReader
{
    private static readonly Duration Day = Duration.FromDays(1);
    private static readonly Duration Hour = Duration.FromHours(1);

    private const string RowsSql = """
        select m.bucket as Bucket, m.id as Id, m.member_id as Owner, m.daily_cap as DailyCap, m.hourly_cap as HourlyCap, u.daily_cap as UserCap,
            m.minimum_gap_seconds as MinimumGapSeconds, m.gap_next_at as GapNextAt, m.health as Health, m.health_reason as HealthReason,
            m.health_since as HealthSince, m.read_at as ReadAt
        from mailbox m join member u on u.id = m.member_id
        where m.bucket = @bucket and
        """;

    private const string OfUserSql = "select id from mailbox where bucket = @bucket and member_id = @owner";

    private const string CountSql = """
        insert into mailbox_use (bucket, mailbox_id, minute, accepted) values (@bucket, @mailbox, @minute, @amount)
        on conflict (bucket, mailbox_id, minute) do update set accepted = mailbox_use.accepted + excluded.accepted
        """;

    public async Task<Dictionary<MailboxId, MailboxCaps>> LockAsync(
        Session session, int bucket, IEnumerable<MailboxId> mailboxes, Instant now, CancellationToken cancel)
    {
        var lockRows = session.Dialect.ForUpdate.Length > 0 ? "order by m.id for update of m" : "";
        var rows = await session.QueryAsync<MailboxCaps.Row>($"{RowsSql} {session.Dialect.In("m.id", "@ids")} {lockRows}",
            new { bucket, ids = session.Dialect.List(mailboxes.Select(id => id.Value).Distinct()) }, cancel);
        var loaded = new Dictionary<MailboxId, MailboxCaps>();
        foreach (var row in rows)
            loaded[row.Id] = new(row, await CapsAsync(session, row, now, cancel), now);
        return loaded;
    }

    public static Task CountAsync(Session session, int bucket, MailboxId mailbox, Instant at, int amount, CancellationToken cancel) =>
        session.ExecuteAsync(CountSql, new { bucket, mailbox, minute = MinuteOf(at), amount }, cancel);

    private static async Task<IReadOnlyList<MailboxCaps.Cap>> CapsAsync(Session session, MailboxCaps.Row row, Instant now, CancellationToken cancel)
    {
        var caps = new List<MailboxCaps.Cap>(3);
        if (row.DailyCap is { } daily) caps.Add(await CapAsync(session, row.Bucket, [row.Id], "mailbox_daily", daily, Day, now, cancel));
        if (row.HourlyCap is { } hourly) caps.Add(await CapAsync(session, row.Bucket, [row.Id], "mailbox_hourly", hourly, Hour, now, cancel));
        if (row.UserCap is not { } user) return caps;
        var own = await session.QueryAsync<MailboxId>(OfUserSql, new { bucket = row.Bucket, owner = row.Owner }, cancel);
        caps.Add(await CapAsync(session, row.Bucket, own, "user_daily", user, Day, now, cancel));
        return caps;
    }

    private static async Task<MailboxCaps.Cap> CapAsync(
        Session session, int bucket, IReadOnlyList<MailboxId> mailboxes, string name, int limit, Duration window, Instant now, CancellationToken cancel)
    {
        var parameters = new { bucket, since = MinuteOf(now - window), ids = session.Dialect.List(mailboxes.Select(id => id.Value)) };
        var used = await session.QueryAsync<UseRow>(
            $"select minute as Minute, accepted as Accepted from mailbox_use where bucket = @bucket and minute >= @since and {session.Dialect.In("mailbox_id", "@ids")} order by minute",
            parameters, cancel);
        var reserved = await session.FirstAsync<int>(
            $"select count(*) from outbound_message where bucket = @bucket and status in ('intended', 'handed') and {session.Dialect.In("mailbox_id", "@ids")}", parameters, cancel);
        var waiting = await session.FirstAsync<int>(
            $"select count(*) from enrollment where bucket = @bucket and waits_for = 'slot' and {session.Dialect.In("mailbox_id", "@ids")}", parameters, cancel);
        var releases = used.Where(use => use.Accepted > 0)
            .Select(use => (Instant.FromUnixTimeSeconds((use.Minute + 1) * 60) + window, use.Accepted)).ToList();
        if (reserved > 0) releases.Add((now + window, reserved));
        return new(name, limit, used.Sum(use => use.Accepted) + reserved, waiting, window, releases);
    }

    private static long MinuteOf(Instant at) => at.ToUnixTimeSeconds() / 60;

    private sealed class UseRow
    {
        public long Minute { get; init; }
        public int Accepted { get; init; }
    }
}
