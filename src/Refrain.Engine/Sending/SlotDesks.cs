using NodaTime;
using Refrain.Core;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>
/// What a desk is to know beside its mailboxes: the sequences whose limits matter, the domains that are written to, and how many wait for each limit, unless all
/// who wait take their seats anew.
/// </summary>
internal sealed record DeskScope(IReadOnlyCollection<Sequence> Sequences, IReadOnlyCollection<string> Domains, bool CountWaiting = true);

/// <summary>Fills the desks of users from the database: what was accepted, what is under way, what was promised, and how many wait. It never reads all who wait.</summary>
internal static class SlotDesks
{
    /// <summary>More than this many before oneself need not be told apart.</summary>
    public const int MostCounted = 10_000;
    private static readonly Duration Day = Duration.FromHours(24);
    private static readonly Duration Hour = Duration.FromHours(1);

    private static readonly string RowsSql = $"""
        select {SendingMailboxRow.Columns} from mailbox m join member u on u.id = m.member_id
        where m.bucket = @bucket and m.member_id in (select own.member_id from mailbox own where own.bucket = @bucket and
        """;

    private const string FairSql = "select member_id as Owner, turns as Turns from fair_queue where";

    private const string PacesSql = "select scope as Scope, until as Until from limit_pace where";

    /// <summary>All mailboxes of the users of these: they share a cap. Locked, so that no two processes take the same slot.</summary>
    public static Task<IReadOnlyList<SendingMailboxRow>> LockAsync(Session session, int bucket, IEnumerable<MailboxId> mailboxes, CancellationToken cancel) =>
        RowsAsync(session, bucket, mailboxes, session.Dialect.ForUpdate.Length > 0 ? "for update of m" : "", cancel);

    /// <summary>The same rows, only to look at them.</summary>
    public static Task<IReadOnlyList<SendingMailboxRow>> LookAsync(Session session, int bucket, IEnumerable<MailboxId> mailboxes, CancellationToken cancel) =>
        RowsAsync(session, bucket, mailboxes, "", cancel);

    /// <summary>Locks the sequences that have limits of their own, which runs of several users share.</summary>
    public static async Task LockAsync(Session session, IEnumerable<Sequence> sequences, CancellationToken cancel)
    {
        var limited = sequences.Where(HasLimits).Select(sequence => sequence.Id.Value).Distinct().ToList();
        if (limited.Count > 0 && session.Dialect.ForUpdate.Length > 0)
            await session.QueryAsync<Guid>($"select id from sequence where {session.Dialect.In("id", "@ids")} order by id for update", new { ids = session.Dialect.List(limited) }, cancel);
    }

    public static bool HasLimits(Sequence sequence) => sequence.Settings.NewContactsPerDay is not null || sequence.Settings.MaximumLive is not null;

    /// <summary>The desks of users of one bucket, with all their mailboxes.</summary>
    /// <param name="session">Where the rows were read.</param>
    /// <param name="rows">The mailboxes, as they are or as somebody supposes them to be.</param>
    /// <param name="scope">What else the desks are to know.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <param name="beside">The book of another bucket, with whose users these share the limits of sequences.</param>
    public static async Task<DeskBook> LoadAsync(
        Session session, IReadOnlyList<SendingMailboxRow> rows, DeskScope scope, Instant now, CancellationToken cancel, DeskBook? beside = null)
    {
        if (rows.Count == 0) return DeskBook.Empty;
        var (bucket, ids) = (rows[0].Bucket, rows.Select(row => row.Id).ToList());
        var sequences = scope.Sequences.Where(HasLimits).DistinctBy(sequence => sequence.Id).ToList();
        var ofMailboxes = await LimitUse.OfMailboxesAsync(session, bucket, ids, now, cancel);
        var domains = rows.Where(row => row.DomainDailyCap is not null).SelectMany(row => scope.Domains.Select(domain => LimitUse.Scope(row.Id, domain)));
        var ofScopes = await LimitUse.OfScopesAsync(session, [.. domains, .. sequences.Select(sequence => LimitUse.Scope(sequence.Id))], now, cancel);
        var claims = await SlotClaims.LoadAsync(session, rows, sequences, scope, cancel);
        var providers = await ProviderPaces.LoadAsync(session, bucket, ids, cancel);
        var fair = await FairAsync(session, rows, cancel);
        var book = new DeskBook(claims.PromisedTo, await PacesAsync(session, ScopesOf(rows, scope, sequences), cancel));
        book.FirstSteps = beside?.FirstSteps ?? sequences.ToDictionary(sequence => sequence.Id, sequence => FirstSteps(book, sequence, ofScopes, claims, now));
        foreach (var own in rows.GroupBy(row => row.Owner))
        {
            var user = own.First().UserCap is { } cap
                ? book.Limit(LimitNames.UserDaily, own.Key.ToString(), cap, Day, Merged(own.SelectMany(row => ofMailboxes[row.Id])), own.SelectMany(row => claims.Of(row.Id, now)))
                : null;
            var desks = own.Select(row => MailboxOf(book, row, ofMailboxes[row.Id], ofScopes, scope.Domains, claims, providers[row.Id], now)).ToList();
            book.Add(own, new(user, desks, book.FirstSteps, FairQueue.Parse(fair.GetValueOrDefault(own.Key))));
        }
        return book;
    }

    private static MailboxDesk MailboxOf(
        DeskBook book, SendingMailboxRow row, IEnumerable<MinuteCount> used, ILookup<string, MinuteCount> ofScopes, IReadOnlyCollection<string> domains,
        SlotClaims claims, IEnumerable<ProviderPace> providers, Instant now)
    {
        var key = row.Id.ToString();
        var counts = used.ToList();
        var day = book.Limit(LimitNames.MailboxDaily, key, row.DailyCap ?? int.MaxValue, Day, counts, claims.Of(row.Id, now));
        var limits = new List<SendLimit>(2);
        if (row.DailyCap is not null) limits.Add(day);
        if (row.HourlyCap is { } hourly) limits.Add(book.Limit(LimitNames.MailboxHourly, key, hourly, Hour, counts, claims.Of(row.Id, now)));
        var calendar = new SendCalendar(row.Gap, row.GapNextAt);
        foreach (var promise in claims.PromisesOf(row.Id).Where(promise => promise.IsPlanned)) calendar.Plan(promise.SlotAt, SlotRequest.SeedOf(promise.Id));
        var desk = new MailboxDesk(row.Id, day, limits, calendar, row.Ramp) { Waiting = claims.Waiting(row.Id) };
        foreach (var pace in providers) desk.Providers[pace.Domain] = pace;
        if (row.DomainDailyCap is not { } perDomain) return desk;
        foreach (var domain in domains)
        {
            var limit = book.Limit(LimitNames.DomainDaily, $"{key}:{domain}", perDomain, Day, ofScopes[LimitUse.Scope(row.Id, domain)], claims.Of(row.Id, domain, now));
            limit.Waiting = claims.Waiting(row.Id, domain);
            desk.Domains[domain] = limit;
        }
        return desk;
    }

    private static IReadOnlyList<SendLimit> FirstSteps(DeskBook book, Sequence sequence, ILookup<string, MinuteCount> ofScopes, SlotClaims claims, Instant now)
    {
        var limits = new List<SendLimit>(2);
        if (sequence.Settings.NewContactsPerDay is { } fresh)
            limits.Add(book.Limit(LimitNames.SequenceNewContacts, sequence.Id.ToString(), fresh, Day, ofScopes[LimitUse.Scope(sequence.Id)], claims.Of(sequence.Id, now)));
        if (sequence.Settings.MaximumLive is { } most)
            limits.Add(book.Limit(LimitNames.SequenceLive, sequence.Id.ToString(), most, null, [new(default, claims.Live(sequence.Id))], claims.Of(sequence.Id, now)));
        foreach (var limit in limits) limit.Waiting = claims.Waiting(sequence.Id);
        return limits;
    }

    private static async Task<IReadOnlyList<SendingMailboxRow>> RowsAsync(Session session, int bucket, IEnumerable<MailboxId> mailboxes, string locking, CancellationToken cancel) =>
        await session.QueryAsync<SendingMailboxRow>($"{RowsSql} {session.Dialect.In("own.id", "@ids")}) order by m.id {locking}",
            new { bucket, ids = session.Dialect.List(mailboxes.Select(id => id.Value).Distinct()) }, cancel);

    private static async Task<Dictionary<UserId, string>> FairAsync(Session session, IReadOnlyList<SendingMailboxRow> rows, CancellationToken cancel)
    {
        var stored = await session.QueryAsync<FairRow>($"{FairSql} {session.Dialect.In("member_id", "@ids")}",
            new { ids = session.Dialect.List(rows.Select(row => row.Owner.Value).Distinct()) }, cancel);
        return stored.ToDictionary(row => row.Owner, row => row.Turns);
    }

    private static async Task<Dictionary<string, Instant>> PacesAsync(Session session, IEnumerable<string> scopes, CancellationToken cancel)
    {
        var stored = await session.QueryAsync<PaceRow>($"{PacesSql} {session.Dialect.InTexts("scope", "@scopes")}", new { scopes = session.Dialect.Texts(scopes) }, cancel);
        return stored.ToDictionary(row => row.Scope, row => row.Until, StringComparer.Ordinal);
    }

    private static IEnumerable<string> ScopesOf(IReadOnlyList<SendingMailboxRow> rows, DeskScope scope, IReadOnlyList<Sequence> sequences)
    {
        foreach (var owner in rows.Select(row => row.Owner).Distinct()) yield return DeskBook.ScopeOf(LimitNames.UserDaily, owner.ToString());
        foreach (var row in rows)
        {
            yield return DeskBook.ScopeOf(LimitNames.MailboxDaily, row.Id.ToString());
            yield return DeskBook.ScopeOf(LimitNames.MailboxHourly, row.Id.ToString());
            if (row.DomainDailyCap is null) continue;
            foreach (var domain in scope.Domains) yield return DeskBook.ScopeOf(LimitNames.DomainDaily, $"{row.Id}:{domain}");
        }
        foreach (var sequence in sequences) yield return DeskBook.ScopeOf(LimitNames.SequenceNewContacts, sequence.Id.ToString());
    }

    private static IEnumerable<MinuteCount> Merged(IEnumerable<MinuteCount> counts) =>
        counts.GroupBy(one => one.Minute).OrderBy(minute => minute.Key).Select(minute => new MinuteCount(minute.Key, minute.Sum(one => one.Count)));

    private sealed class FairRow
    {
        public UserId Owner { get; init; }
        public string Turns { get; init; } = "";
    }

    private sealed class PaceRow
    {
        public string Scope { get; init; } = "";
        public Instant Until { get; init; }
    }
}
