using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Core.Throttles;
using Refrain.Engine.Access;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Forecasts;

/// <summary>The mailboxes of some users with what they have used of their caps.</summary>
internal sealed class ForecastSenders
{
    private static readonly Duration Day = Duration.FromHours(24);
    private static readonly Duration Hour = Duration.FromHours(1);
    private readonly List<MailboxId> ids = [];
    private readonly List<PlannedSender> planned = [];

    private const string FirstSql = """
        select id as Id, member_id as Member from mailbox where workspace_id = @Workspace and deleted_at is null and member_id = @User
        order by case health when 'healthy' then 0 when 'checking' then 1 else 2 end, created_at, id limit 1
        """;

    private const string NamedSql = "select id as Id, member_id as Member from mailbox where workspace_id = @Workspace and deleted_at is null and id = @Mailbox";

    private const string AllSql = """
        select m.id as Id, m.member_id as Member, m.daily_cap as DailyCap, m.hourly_cap as HourlyCap, u.daily_cap as UserCap,
            m.minimum_gap_seconds as GapSeconds, m.gap_next_at as GapNextAt
        from mailbox m join member u on u.id = m.member_id
        where m.deleted_at is null and
        """;

    private const string UsedSql = """
        select mailbox_id as Mailbox, minute as Minute, sum(accepted) as Accepted from mailbox_use
        where bucket in (select number from bucket) and minute >= @since and
        """;

    private const string ReservedSql = """
        select mailbox_id as Mailbox, count(*) as Accepted from outbound_message
        where bucket in (select number from bucket) and status in ('intended', 'handed') and
        """;

    /// <summary>What the planner is told, in the order of <see cref="IndexOf"/>.</summary>
    public IReadOnlyList<PlannedSender> Planned => planned;

    public int? IndexOf(MailboxId? mailbox) => mailbox is { } id && ids.IndexOf(id) is >= 0 and var index ? index : null;

    /// <summary>The mailbox of those who are enrolled anew: the one that is named, else the asker's first healthy one; null if there is none.</summary>
    public static async Task<OwnMailbox?> OwnAsync(Session session, Caller caller, string? named, CancellationToken cancel)
    {
        if (named is null) return await session.FirstAsync<OwnMailbox>(FirstSql, new { caller.Workspace, caller.User }, cancel);
        return MailboxId.TryParse(named, out var mailbox) ? await session.FirstAsync<OwnMailbox>(NamedSql, new { caller.Workspace, Mailbox = mailbox }, cancel) : null;
    }

    public static async Task<ForecastSenders> LoadAsync(
        Session session, IReadOnlyList<UserId> members, MailboxId? whatIf, ForecastRequest request, Instant now, CancellationToken cancel)
    {
        var users = new { ids = session.Dialect.List(members.Select(member => member.Value)) };
        var rows = await session.QueryAsync<Row>($"{AllSql} {session.Dialect.In("m.member_id", "@ids")} order by m.created_at, m.id", users, cancel);
        var counts = await CountsAsync(session, rows, now, cancel);
        var senders = new ForecastSenders();
        var asked = rows.FirstOrDefault(row => row.Id == whatIf);
        foreach (var user in rows.GroupBy(row => row.Member))
        {
            var userCap = user.Key == asked?.Member ? request.DailyCap ?? asked.UserCap : user.First().UserCap;
            var shared = userCap is { } cap ? Budget(cap, Day, [.. user.Select(row => counts[row.Id])], now) : null;
            foreach (var row in user)
                senders.Add(row == asked ? row with { DailyCap = request.DailyCap ?? row.DailyCap, HourlyCap = request.HourlyCap ?? row.HourlyCap } : row, counts[row.Id], shared, now);
        }
        return senders;
    }

    private void Add(Row row, Counts counts, PlannedBudget? shared, Instant now)
    {
        var budgets = new List<PlannedBudget>(3);
        if (row.DailyCap is { } daily) budgets.Add(Budget(daily, Day, [counts], now));
        if (row.HourlyCap is { } hourly) budgets.Add(Budget(hourly, Hour, [counts], now));
        if (shared is not null) budgets.Add(shared);
        ids.Add(row.Id);
        planned.Add(new(row.Id, budgets, new(Duration.FromSeconds(row.GapSeconds), Duration.Zero), row.GapNextAt)
        {
            LastDay = Budget(int.MaxValue, Day, [counts], now).Budget,
        });
    }

    private static PlannedBudget Budget(int cap, Duration window, IReadOnlyList<Counts> counts, Instant now)
    {
        var used = counts.SelectMany(one => one.Accepted).Where(one => one.Minute > now - window - Duration.FromMinutes(2))
            .GroupBy(one => one.Minute).OrderBy(one => one.Key).Select(one => new MinuteCount(one.Key, one.Sum(count => count.Count)));
        return new(new(cap, window, [.. used], counts.Sum(one => one.Reserved)));
    }

    private static async Task<Dictionary<MailboxId, Counts>> CountsAsync(Session session, IReadOnlyList<Row> rows, Instant now, CancellationToken cancel)
    {
        var parameters = new { ids = session.Dialect.List(rows.Select(row => row.Id.Value)), since = (now - Day).ToUnixTimeSeconds() / 60 };
        var these = session.Dialect.In("mailbox_id", "@ids");
        var used = await session.QueryAsync<UseRow>($"{UsedSql} {these} group by mailbox_id, minute", parameters, cancel);
        var reserved = await session.QueryAsync<UseRow>($"{ReservedSql} {these} group by mailbox_id", parameters, cancel);
        return rows.ToDictionary(row => row.Id, row => new Counts(
            [.. used.Where(use => use.Mailbox == row.Id).Select(use => new MinuteCount(Instant.FromUnixTimeSeconds(use.Minute * 60), (int)use.Accepted))],
            (int)reserved.Where(use => use.Mailbox == row.Id).Sum(use => use.Accepted)));
    }

    private sealed record Counts(IReadOnlyList<MinuteCount> Accepted, int Reserved);

    private sealed record Row
    {
        public MailboxId Id { get; init; }
        public UserId Member { get; init; }
        public int? DailyCap { get; init; }
        public int? HourlyCap { get; init; }
        public int? UserCap { get; init; }
        public int GapSeconds { get; init; }
        public Instant? GapNextAt { get; init; }
    }

    private sealed class UseRow
    {
        public MailboxId Mailbox { get; init; }
        public long Minute { get; init; }
        public long Accepted { get; init; }
    }
}

/// <summary>A mailbox and whose it is.</summary>
internal sealed class OwnMailbox
{
    public MailboxId Id { get; init; }
    public UserId Member { get; init; }
}
