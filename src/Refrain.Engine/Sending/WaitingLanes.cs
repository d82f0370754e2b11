using NodaTime;
using Refrain.Core;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>Finds the lanes in which somebody waits by leaps through the index, and the first few of each.</summary>
internal sealed class WaitingLanes(SequenceCatalog sequences)
{
    private const int HeadsOfALane = 20;

    /// <summary>Each step of the recursion is one look into the index, however many wait in a lane.</summary>
    private const string LanesSql = """
        with recursive lanes (lane) as (
            select * from (select lane from enrollment where {0} order by lane limit 1) as first
            union all
            select (select e.lane from enrollment e where {1} and e.lane > lanes.lane order by e.lane limit 1) from lanes where lanes.lane is not null)
        select lane from lanes where lane is not null
        """;

    private const string RunsSql = """
        select e.id as Id, e.due_at as DueAt, e.since as Since, c.email as Email from enrollment e join contact c on c.id = e.contact_id
        where e.bucket = @bucket and e.mailbox_id = @mailbox and e.waits_for = 'slot' and {0} and e.lane = @lane order by e.due_at, e.id limit @limit
        """;

    /// <summary>The heads of all lanes of some mailboxes.</summary>
    public Task<LaneHeads> HeadsAsync(Session session, IReadOnlyList<SendingMailboxRow> rows, CancellationToken cancel) => ReadAsync(session, rows, HeadsOfALane, cancel);

    /// <summary>The lanes with so many of those who wait in them.</summary>
    public async Task<LaneHeads> ReadAsync(Session session, IReadOnlyList<SendingMailboxRow> rows, int limit, CancellationToken cancel)
    {
        var found = new List<(SlotLane, int)>();
        var versions = new List<Sequence>();
        foreach (var row in rows)
        {
            var ownerHours = row.OwnerHours;
            foreach (var text in await LanesAsync(session, row, cancel))
            {
                var key = LaneText.Parse(row.Id, text);
                var runs = await session.QueryAsync<WaitingRow>(RunsSql.Replace("{0}", session.Dialect.IsFalse("e.frozen"), StringComparison.Ordinal),
                    new { bucket = row.Bucket, mailbox = row.Id, lane = text, limit }, cancel);
                if (runs.Count == 0) continue;
                var sequence = await sequences.GetAsync(session, key.Sequence, key.Version, cancel);
                versions.Add(sequence);
                var lane = new SlotLane(key, sequence.Settings.Weight, new(ContactSchedules.Of(sequence, key.Zone, ownerHours)));
                foreach (var run in runs) lane.Add(new(run.Id, run.DueAt ?? run.Since, LimitUse.DomainOf(run.Email)));
                found.Add((lane, runs.Count));
            }
        }
        return new(found, versions, limit);
    }

    private static Task<IReadOnlyList<string>> LanesAsync(Session session, SendingMailboxRow row, CancellationToken cancel)
    {
        string Where(string alias) =>
            $"{alias}bucket = @Bucket and {alias}mailbox_id = @Id and {alias}waits_for = 'slot' and {session.Dialect.IsFalse($"{alias}frozen")}";
        var sql = LanesSql.Replace("{0}", $"{Where("")} and lane is not null", StringComparison.Ordinal).Replace("{1}", Where("e."), StringComparison.Ordinal);
        return session.QueryAsync<string>(sql, new { row.Bucket, row.Id }, cancel);
    }

    private sealed class WaitingRow
    {
        public EnrollmentId Id { get; init; }
        public Instant? DueAt { get; init; }
        public Instant Since { get; init; }
        public string Email { get; init; } = "";
    }
}

/// <summary>Lanes with those at their heads, and what a desk has to know for them.</summary>
internal sealed class LaneHeads(IReadOnlyList<(SlotLane Lane, int Read)> lanes, IReadOnlyList<Sequence> versions, int limit)
{
    /// <summary>How many were read.</summary>
    public int Count => lanes.Sum(lane => lane.Read);

    /// <summary>A desk with these lanes, to let through who waits in them: nobody has to be counted. What it says is for good: the sequences are locked.</summary>
    public async Task<DeskBook> FillAsync(Session session, IReadOnlyList<SendingMailboxRow> rows, Instant now, CancellationToken cancel)
    {
        await SlotDesks.LockAsync(session, versions, cancel);
        return await LoadAsync(session, rows, new(versions, Domains, CountWaiting: false), now, cancel);
    }

    /// <summary>A desk with these lanes, to look at what will become of others too.</summary>
    public Task<DeskBook> LookAsync(Session session, IReadOnlyList<SendingMailboxRow> rows, DeskScope others, Instant now, CancellationToken cancel) =>
        LoadAsync(session, rows, new([.. versions, .. others.Sequences], [.. Domains.Union(others.Domains)]), now, cancel);

    private HashSet<string> Domains => lanes.Select(one => one.Lane).SelectMany(lane => lane.Runs.Select(run => run.Domain)).ToHashSet(StringComparer.Ordinal);

    private async Task<DeskBook> LoadAsync(Session session, IReadOnlyList<SendingMailboxRow> rows, DeskScope scope, Instant now, CancellationToken cancel)
    {
        var book = await SlotDesks.LoadAsync(session, rows, scope, now, cancel);
        foreach (var (lane, _) in lanes)
            book.Mailboxes[lane.Key.Mailbox].Own.Lanes[lane.Key] = lane;
        return book;
    }

    /// <summary>A lane of the mailbox was emptied as far as it was read: there may be more in it.</summary>
    public bool MayHaveMore(MailboxId mailbox) => lanes.Any(one => one.Lane.Key.Mailbox == mailbox && one.Read == limit && one.Lane.IsEmpty);
}
