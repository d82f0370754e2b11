using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Core.Throttles;
using Refrain.Engine.Access;
using Refrain.Engine.Sending;
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

    private static readonly string AllSql = $"""
        select {SendingMailboxRow.Columns} from mailbox m join member u on u.id = m.member_id where m.deleted_at is null and
        """;

    // Two statements, because each has an index of its own.
    private const string UnderWaySql = """
        select mailbox_id as Mailbox from outbound_message where bucket in (select number from bucket) and status = 'intended' and {0}
        union all select mailbox_id from outbound_message where bucket in (select number from bucket) and status = 'handed' and {0}
        """;

    private const string FairSql = "select member_id as Owner, turns as Turns from fair_queue where";

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
        var rows = await session.QueryAsync<SendingMailboxRow>($"{AllSql} {session.Dialect.In("m.member_id", "@ids")} order by m.created_at, m.id", users, cancel);
        var counts = await CountsAsync(session, rows, now, cancel);
        var turns = (await session.QueryAsync<FairRow>($"{FairSql} {session.Dialect.In("member_id", "@ids")}", users, cancel)).ToDictionary(row => row.Owner, row => row.Turns);
        var senders = new ForecastSenders();
        var asked = rows.FirstOrDefault(row => row.Id == whatIf);
        foreach (var user in rows.GroupBy(row => row.Owner))
        {
            var userCap = user.Key == asked?.Owner ? request.DailyCap ?? asked.UserCap : user.First().UserCap;
            var shared = userCap is { } cap ? new PlannedBudget(Budget(cap, Day, [.. user.Select(row => counts[row.Id])])) : null;
            foreach (var row in user)
                senders.Add(row, row == asked ? request : new(), counts[row.Id], shared, FairQueue.Parse(turns.GetValueOrDefault(user.Key)));
        }
        return senders;
    }

    // A growing cap ends in the daily one: as if that were another, it grows as fast.
    private void Add(SendingMailboxRow row, ForecastRequest whatIf, Counts counts, PlannedBudget? shared, FairQueue queue)
    {
        var budgets = new List<PlannedBudget>(3);
        if ((whatIf.DailyCap ?? row.DailyCap) is { } daily)
            budgets.Add(new(Budget(daily, Day, [counts]), row.Ramp is { } ramp ? ramp.Ramp with { Full = daily } : null, row.Ramp?.Zone));
        if ((whatIf.HourlyCap ?? row.HourlyCap) is { } hourly) budgets.Add(new(Budget(hourly, Hour, [counts])));
        if (shared is not null) budgets.Add(shared);
        ids.Add(row.Id);
        planned.Add(new(row.Id, budgets, row.Gap, row.GapNextAt) { Queue = queue, LastDay = Budget(int.MaxValue, Day, [counts]) });
    }

    private static RollingBudget Budget(int cap, Duration window, IReadOnlyList<Counts> counts)
    {
        var accepted = counts.SelectMany(one => one.Accepted).GroupBy(one => one.Minute).OrderBy(one => one.Key)
            .Select(one => new MinuteCount(one.Key, one.Sum(count => count.Count)));
        return new(cap, window, [.. accepted], counts.Sum(one => one.UnderWay));
    }

    private static async Task<Dictionary<MailboxId, Counts>> CountsAsync(Session session, IReadOnlyList<SendingMailboxRow> rows, Instant now, CancellationToken cancel)
    {
        var these = session.Dialect.In("mailbox_id", "@ids");
        var underWay = (await session.QueryAsync<MailboxId>(
            UnderWaySql.Replace("{0}", these, StringComparison.Ordinal), new { ids = session.Dialect.List(rows.Select(row => row.Id.Value)) }, cancel)).CountBy(id => id).ToDictionary();
        var counts = new Dictionary<MailboxId, Counts>();
        foreach (var bucket in rows.GroupBy(row => row.Bucket))
        {
            var accepted = await LimitUse.OfMailboxesAsync(session, bucket.Key, bucket.Select(row => row.Id), now, cancel);
            foreach (var row in bucket)
                counts[row.Id] = new([.. accepted[row.Id]], underWay.GetValueOrDefault(row.Id));
        }
        return counts;
    }

    private sealed record Counts(IReadOnlyList<MinuteCount> Accepted, int UnderWay);

    private sealed class FairRow
    {
        public UserId Owner { get; init; }
        public string Turns { get; init; } = "";
    }
}

/// <summary>A mailbox and whose it is.</summary>
internal sealed class OwnMailbox
{
    public MailboxId Id { get; init; }
    public UserId Member { get; init; }
}
