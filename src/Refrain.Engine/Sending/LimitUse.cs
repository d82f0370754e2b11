using NodaTime;
using Refrain.Core;
using Refrain.Core.Throttles;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>
/// The ledger of accepted sends: a count for each minute and mailbox, sequence (first emails only) and recipient domain, kept for two days. It grows with the minutes
/// in which something was sent, not with what was sent, and never with who waits.
/// </summary>
internal static class LimitUse
{
    /// <summary>Longer than the longest window.</summary>
    public static readonly Duration Kept = Duration.FromHours(49);

    private static readonly Table<(int Bucket, MailboxId Mailbox, long Minute, int Amount)> OfMailboxes = new("mailbox_use",
        new("bucket", ColumnType.Integer, row => row.Bucket),
        new("mailbox_id", ColumnType.Uuid, row => row.Mailbox.Value),
        new("minute", ColumnType.BigInt, row => row.Minute),
        new("accepted", ColumnType.Integer, row => row.Amount));

    private static readonly Table<(string Scope, long Minute, int Amount)> OfScopes = new("limit_use",
        new("scope", ColumnType.Text, row => row.Scope),
        new("minute", ColumnType.BigInt, row => row.Minute),
        new("accepted", ColumnType.Integer, row => row.Amount));

    public static string Scope(SequenceId sequence) => $"sequence:{sequence}";

    public static string Scope(MailboxId mailbox, string domain) => $"domain:{mailbox}:{domain}";

    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();

    /// <summary>Counts accepted messages of one mailbox; among them those that were the first of their run, by sequence.</summary>
    public static async Task CountAsync(
        Session session, int bucket, MailboxId mailbox, Instant at, IReadOnlyCollection<string> addresses, IEnumerable<SequenceId> firsts, CancellationToken cancel)
    {
        if (addresses.Count == 0) return;
        var minute = at.ToUnixTimeSeconds() / 60;
        await session.InsertAsync(OfMailboxes, [(bucket, mailbox, minute, addresses.Count)], cancel,
            "on conflict (bucket, mailbox_id, minute) do update set accepted = mailbox_use.accepted + excluded.accepted");
        var scopes = addresses.Select(address => Scope(mailbox, DomainOf(address))).Concat(firsts.Select(Scope));
        await session.InsertAsync(OfScopes,
            [.. scopes.GroupBy(scope => scope).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, minute, group.Count()))], cancel,
            "on conflict (scope, minute) do update set accepted = limit_use.accepted + excluded.accepted");
    }

    /// <summary>What mailboxes sent since the longest window began.</summary>
    public static async Task<ILookup<MailboxId, MinuteCount>> OfMailboxesAsync(Session session, int bucket, IEnumerable<MailboxId> mailboxes, Instant now, CancellationToken cancel)
    {
        var rows = await session.QueryAsync<MailboxUseRow>(
            $"select mailbox_id as Mailbox, minute as Minute, accepted as Accepted from mailbox_use where bucket = @bucket and minute >= @since and {session.Dialect.In("mailbox_id", "@ids")} order by minute",
            new { bucket, since = Since(now), ids = session.Dialect.List(mailboxes.Select(id => id.Value)) }, cancel);
        return rows.ToLookup(row => row.Mailbox, row => row.ToCount());
    }

    /// <summary>The same for scopes.</summary>
    public static async Task<ILookup<string, MinuteCount>> OfScopesAsync(Session session, IReadOnlyCollection<string> scopes, Instant now, CancellationToken cancel)
    {
        if (scopes.Count == 0) return Array.Empty<MinuteCount>().ToLookup(_ => "");
        var rows = await session.QueryAsync<ScopeUseRow>(
            $"select scope as Scope, minute as Minute, accepted as Accepted from limit_use where {session.Dialect.InTexts("scope", "@scopes")} and minute >= @since order by minute",
            new { scopes = session.Dialect.Texts(scopes), since = Since(now) }, cancel);
        return rows.ToLookup(row => row.Scope, row => row.ToCount());
    }

    private static long Since(Instant now) => (now - Duration.FromHours(24)).ToUnixTimeSeconds() / 60 - 2;

    private sealed class MailboxUseRow
    {
        public MailboxId Mailbox { get; init; }
        public long Minute { get; init; }
        public int Accepted { get; init; }
        public MinuteCount ToCount() => new(Instant.FromUnixTimeSeconds(Minute * 60), Accepted);
    }

    private sealed class ScopeUseRow
    {
        public string Scope { get; init; } = "";
        public long Minute { get; init; }
        public int Accepted { get; init; }
        public MinuteCount ToCount() => new(Instant.FromUnixTimeSeconds(Minute * 60), Accepted);
    }
}
