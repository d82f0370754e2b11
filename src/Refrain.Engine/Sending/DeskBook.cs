using NodaTime;
using Refrain.Core;
using Refrain.Core.Throttles;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>The desks of a turn, by mailbox, and what of them has to be written back.</summary>
internal sealed class DeskBook(IReadOnlyDictionary<EnrollmentId, Instant> promises, IReadOnlyDictionary<string, Instant> paces)
{
    private readonly List<(string Scope, SendLimit Limit)> limits = [];
    private readonly Dictionary<UserId, (SlotDesk Desk, string Turns)> desks = [];
    private readonly Dictionary<MailboxId, SendingMailbox> mailboxes = [];

    private const string FairSql = """
        insert into fair_queue (member_id, turns) values (@owner, @turns) on conflict (member_id) do update set turns = excluded.turns
        """;

    private const string GapSql = "update mailbox set gap_next_at = @rests where bucket = @Bucket and id = @Id";

    private static readonly Table<(string Scope, Instant Until)> Paces = new("limit_pace",
        new("scope", ColumnType.Text, row => row.Scope),
        new("until", ColumnType.Instant, row => row.Until));

    public static DeskBook Empty { get; } = new(new Dictionary<EnrollmentId, Instant>(), new Dictionary<string, Instant>());

    public IReadOnlyDictionary<MailboxId, SendingMailbox> Mailboxes => mailboxes;

    /// <summary>The limits of sequences on first emails, which users share.</summary>
    public IReadOnlyDictionary<SequenceId, IReadOnlyList<SendLimit>> FirstSteps { get; set; } = new Dictionary<SequenceId, IReadOnlyList<SendLimit>>();

    public IEnumerable<SlotDesk> Desks => desks.Values.Select(one => one.Desk);

    /// <summary>The slot that a run was promised and that still is its own next time; null when it has none.</summary>
    public Instant? PromiseTo(EnrollmentId run) => promises.TryGetValue(run, out var at) ? at : null;

    public static string ScopeOf(string name, string key) => $"{name}:{key}";

    public SendLimit Limit(string name, string key, int cap, Duration? window, IEnumerable<MinuteCount> counts, IEnumerable<Instant> claimed)
    {
        var scope = ScopeOf(name, key);
        var limit = new SendLimit(name, cap, window, counts, paces.TryGetValue(scope, out var until) ? until : null);
        foreach (var at in claimed) limit.Count(at);
        limits.Add((scope, limit));
        return limit;
    }

    public void Add(IEnumerable<SendingMailboxRow> rows, SlotDesk desk)
    {
        foreach (var row in rows)
        {
            mailboxes[row.Id] = new(row, desk);
            desks[row.Owner] = (desk, desk.Fair.ToString());
        }
    }

    /// <summary>Writes back turns, paces, gaps and providers, as far as they have changed.</summary>
    public async Task SaveAsync(Session session, CancellationToken cancel)
    {
        var paced = limits.Where(one => one.Limit.PacedUntil is { } until && until != paces.GetValueOrDefault(one.Scope)).Select(one => (one.Scope, one.Limit.PacedUntil!.Value)).ToList();
        await session.InsertAsync(Paces, paced, cancel, "on conflict (scope) do update set until = excluded.until");
        foreach (var (owner, (desk, turns)) in desks)
            if (desk.Fair.ToString() is var now && now != turns)
                await session.ExecuteAsync(FairSql, new { owner, turns = now }, cancel);
        foreach (var mailbox in mailboxes.Values)
        {
            if (mailbox.Own.Calendar.RestsUntil is { } rests && rests != mailbox.Row.GapNextAt)
                await session.ExecuteAsync(GapSql, new { mailbox.Row.Bucket, mailbox.Row.Id, rests }, cancel);
            foreach (var pace in mailbox.Own.ChangedProviders) await ProviderPaces.StoreAsync(session, mailbox.Row.Bucket, mailbox.Row.Id, pace, cancel);
        }
    }
}
