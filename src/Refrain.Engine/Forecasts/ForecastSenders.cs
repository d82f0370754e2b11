using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Schedules;
using Refrain.Core.Throttles;
using Refrain.Engine.Access;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Forecasts;

/// <summary>The mailboxes of some users, as they are or as a question supposes them to be, and their desks.</summary>
internal sealed class ForecastSenders
{
    private readonly List<SendingMailboxRow> rows;

    private const string FirstSql = """
        select id as Id, member_id as Member from mailbox where workspace_id = @Workspace and deleted_at is null and member_id = @User
        order by case health when 'healthy' then 0 when 'checking' then 1 else 2 end, created_at, id limit 1
        """;

    private const string NamedSql = "select id as Id, member_id as Member from mailbox where workspace_id = @Workspace and deleted_at is null and id = @Mailbox";

    private static readonly string AllSql = $"""
        select {SendingMailboxRow.Columns} from mailbox m join member u on u.id = m.member_id where m.deleted_at is null and
        """;

    private ForecastSenders(List<SendingMailboxRow> rows) => this.rows = rows;

    /// <summary>A mailbox limits what goes to one recipient domain, so that domains have to be told apart.</summary>
    public bool LimitDomains => rows.Exists(row => row.DomainDailyCap is not null);

    /// <summary>The working hours of a mailbox's owner; null when he has none.</summary>
    public Schedule? OwnerHoursOf(MailboxId? mailbox) => rows.Find(row => row.Id == mailbox)?.OwnerHours;

    /// <summary>The mailbox of those who are enrolled anew: the one that is named, else the asker's first healthy one; null if there is none.</summary>
    public static async Task<OwnMailbox?> OwnAsync(Session session, Caller caller, string? named, CancellationToken cancel)
    {
        if (named is null) return await session.FirstAsync<OwnMailbox>(FirstSql, new { caller.Workspace, caller.User }, cancel);
        return MailboxId.TryParse(named, out var mailbox) ? await session.FirstAsync<OwnMailbox>(NamedSql, new { caller.Workspace, Mailbox = mailbox }, cancel) : null;
    }

    public static async Task<ForecastSenders> LoadAsync(
        Session session, IReadOnlyList<UserId> members, MailboxId? whatIf, ForecastRequest request, CancellationToken cancel)
    {
        var users = new { ids = session.Dialect.List(members.Select(member => member.Value)) };
        var found = await session.QueryAsync<SendingMailboxRow>($"{AllSql} {session.Dialect.In("m.member_id", "@ids")} order by m.created_at, m.id", users, cancel);
        var asked = found.FirstOrDefault(row => row.Id == whatIf);
        return new([.. found.Select(row => Supposed(row, asked, request))]);
    }

    /// <summary>The desks, with nobody in their lanes.</summary>
    public async Task<IReadOnlyList<SlotDesk>> DesksAsync(Session session, DeskScope scope, Instant now, CancellationToken cancel)
    {
        DeskBook? book = null;
        var desks = new List<SlotDesk>();
        foreach (var bucket in rows.GroupBy(row => row.Bucket))
        {
            book = await SlotDesks.LoadAsync(session, [.. bucket], scope, now, cancel, book);
            desks.AddRange(book.Desks);
        }
        return desks;
    }

    // Whoever asks what 120 a day would do means the mailbox's cap and the user's.
    private static SendingMailboxRow Supposed(SendingMailboxRow row, SendingMailboxRow? asked, ForecastRequest request)
    {
        var supposed = row.Owner == asked?.Owner ? row with { UserCap = request.DailyCap ?? row.UserCap } : row;
        return row == asked ? supposed with { DailyCap = request.DailyCap ?? row.DailyCap, HourlyCap = request.HourlyCap ?? row.HourlyCap } : supposed;
    }
}

/// <summary>A mailbox and whose it is.</summary>
internal sealed class OwnMailbox
{
    public MailboxId Id { get; init; }
    public UserId Member { get; init; }
}
