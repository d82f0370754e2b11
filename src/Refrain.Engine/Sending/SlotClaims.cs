using NodaTime;
using Refrain.Core;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>What holds slots of mailboxes without having been accepted yet: messages under way, promised times, and how many wait.</summary>
internal sealed class SlotClaims
{
    private static readonly string UnderWaySql = string.Join(" union all ", new[] { "intended", "handed" }.Select(status => $$"""
        select m.mailbox_id as Mailbox, m.to_address as Address, e.sequence_id as Sequence, e.emails_sent as EmailsSent
        from outbound_message m join enrollment e on e.bucket = m.bucket and e.id = m.enrollment_id
        where m.status = '{{status}}' and {0}
        """));

    private const string PromisesSql = """
        select e.id as Id, e.mailbox_id as Mailbox, e.sequence_id as Sequence, e.emails_sent as EmailsSent, e.slot_at as SlotAt, e.due_at as DueAt, c.email as Address
        from enrollment e join contact c on c.id = e.contact_id
        where e.slot_at = e.step_next_at and e.state = 'active' and e.phase = 'waiting' and {0} order by e.slot_at
        """;

    private const string LiveSql = """
        select count(*) from (select 1 from enrollment
            where sequence_id = @sequence and emails_sent > 0 and state in ('active', 'pending', 'paused', 'paused_o3', 'failed') limit @most) as few
        """;

    private readonly Dictionary<string, int> waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<SequenceId, int> live = [];
    private IReadOnlyList<UnderWay> underWay = [];
    private IReadOnlyList<Promised> promises = [];
    private ILookup<SequenceId, Instant?> firsts = Array.Empty<SequenceId>().ToLookup(id => id, _ => (Instant?)null);

    public Dictionary<EnrollmentId, Instant> PromisedTo => promises.ToDictionary(promise => promise.Id, promise => promise.SlotAt);

    public static async Task<SlotClaims> LoadAsync(
        Session session, IReadOnlyList<SendingMailboxRow> rows, IReadOnlyList<Sequence> sequences, DeskScope scope, CancellationToken cancel)
    {
        var claims = new SlotClaims();
        var bucket = rows[0].Bucket;
        var parameters = new { bucket, ids = session.Dialect.List(rows.Select(row => row.Id.Value)) };
        claims.underWay = await session.QueryAsync<UnderWay>(Where(UnderWaySql, $"m.bucket = @bucket and {session.Dialect.In("m.mailbox_id", "@ids")}"), parameters, cancel);
        claims.promises = await session.QueryAsync<Promised>(Where(PromisesSql, $"e.bucket = @bucket and {session.Dialect.In("e.mailbox_id", "@ids")}"), parameters, cancel);
        foreach (var row in rows.Where(_ => scope.CountWaiting))
        {
            var own = new { bucket, mailbox = row.Id };
            await claims.CountAsync(session, $"{row.Id}", "bucket = @bucket and mailbox_id = @mailbox", LaneText.From(LaneLimit.Sender), own, cancel);
            if (row.DomainDailyCap is null) continue;
            foreach (var domain in scope.Domains)
                await claims.CountAsync(session, $"{row.Id}:{domain}", "bucket = @bucket and mailbox_id = @mailbox", LaneText.From(LaneLimit.Domain, domain), own, cancel);
        }
        if (sequences.Count > 0) await claims.LoadAsync(session, sequences, scope.CountWaiting, cancel);
        return claims;
    }

    public int Waiting(MailboxId mailbox) => waiting.GetValueOrDefault($"{mailbox}");
    public int Waiting(MailboxId mailbox, string domain) => waiting.GetValueOrDefault($"{mailbox}:{domain}");
    public int Waiting(SequenceId sequence) => waiting.GetValueOrDefault($"{sequence}");
    public int Live(SequenceId sequence) => live.GetValueOrDefault(sequence);
    public IEnumerable<Promised> PromisesOf(MailboxId mailbox) => promises.Where(promise => promise.Mailbox == mailbox);

    /// <summary>The instants at which a mailbox's slots are taken beside the accepted ones: what is under way counts now.</summary>
    public IEnumerable<Instant> Of(MailboxId mailbox, Instant now) =>
        underWay.Where(one => one.Mailbox == mailbox).Select(_ => now).Concat(PromisesOf(mailbox).Select(promise => promise.SlotAt));

    public IEnumerable<Instant> Of(MailboxId mailbox, string domain, Instant now) =>
        underWay.Where(one => one.Mailbox == mailbox && LimitUse.DomainOf(one.Address) == domain).Select(_ => now)
            .Concat(PromisesOf(mailbox).Where(promise => LimitUse.DomainOf(promise.Address) == domain).Select(promise => promise.SlotAt));

    public IEnumerable<Instant> Of(SequenceId sequence, Instant now) => firsts[sequence].Select(at => at ?? now);

    private async Task LoadAsync(Session session, IReadOnlyList<Sequence> sequences, bool countWaiting, CancellationToken cancel)
    {
        var parameters = new { ids = session.Dialect.List(sequences.Select(sequence => sequence.Id.Value)) };
        var sending = await session.QueryAsync<UnderWay>(
            Where(UnderWaySql, $"m.bucket in (select number from bucket) and e.emails_sent = 0 and {session.Dialect.In("e.sequence_id", "@ids")}"), parameters, cancel);
        var promised = await session.QueryAsync<Promised>(Where(PromisesSql, $"e.emails_sent = 0 and {session.Dialect.In("e.sequence_id", "@ids")}"), parameters, cancel);
        firsts = sending.Select(one => (one.Sequence, At: (Instant?)null)).Concat(promised.Select(one => (one.Sequence, At: (Instant?)one.SlotAt)))
            .ToLookup(one => one.Sequence, one => one.At);
        foreach (var sequence in sequences)
        {
            if (countWaiting) await CountAsync(session, $"{sequence.Id}", "sequence_id = @sequence", LaneText.From(LaneLimit.Sequence), new { sequence = sequence.Id }, cancel);
            if (sequence.Settings.MaximumLive is { } most)
                live[sequence.Id] = await session.FirstAsync<int>(LiveSql, new { sequence = sequence.Id, most }, cancel);
        }
    }

    private async Task CountAsync(Session session, string key, string where, string prefix, object parameters, CancellationToken cancel)
    {
        var with = new Dapper.DynamicParameters(parameters);
        with.Add("from", prefix);
        with.Add("to", LaneText.After(prefix));
        with.Add("most", SlotDesks.MostCounted + 1);
        waiting[key] = await session.FirstAsync<int>($"""
            select count(*) from (select 1 from enrollment
                where {where} and waits_for = 'slot' and {session.Dialect.IsFalse("frozen")} and lane >= @from and lane < @to limit @most) as few
            """, with, cancel);
    }

    private static string Where(string sql, string condition) => sql.Replace("{0}", condition, StringComparison.Ordinal);

    internal sealed class UnderWay
    {
        public MailboxId Mailbox { get; init; }
        public string Address { get; init; } = "";
        public SequenceId Sequence { get; init; }
        public int EmailsSent { get; init; }
    }

    internal sealed class Promised
    {
        public EnrollmentId Id { get; init; }
        public MailboxId Mailbox { get; init; }
        public SequenceId Sequence { get; init; }
        public int EmailsSent { get; init; }
        public Instant SlotAt { get; init; }
        public Instant? DueAt { get; init; }

        /// <summary>A slot that was freed is had at once; only a planned time is a place in the calendar.</summary>
        public bool IsPlanned => DueAt != SlotAt;
        public string Address { get; init; } = "";
    }
}
