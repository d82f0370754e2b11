using NodaTime;
using Refrain.Core;
using Refrain.Core.Inbound;
using Refrain.Core.Sending;
using Refrain.Core.Throttles;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>Keeps which providers of recipients asked which mailbox for less.</summary>
internal static class ProviderPaces
{
    private const string SelectSql = """
        select mailbox_id as Mailbox, domain as Domain, strikes as Strikes, since as Since, until as Until, answer as Answer from provider_pace
        where bucket = @bucket and
        """;

    private const string UpsertSql = """
        insert into provider_pace (bucket, mailbox_id, domain, strikes, since, until, answer) values (@bucket, @mailbox, @Domain, @Strikes, @Since, @Until, @Answer)
        on conflict (bucket, mailbox_id, domain) do update set strikes = excluded.strikes, until = excluded.until, answer = excluded.answer
        """;

    private const string DeleteSql = "delete from provider_pace where bucket = @bucket and mailbox_id = @mailbox and domain = @domain";

    public static async Task<ILookup<MailboxId, ProviderPace>> LoadAsync(Session session, int bucket, IEnumerable<MailboxId> mailboxes, CancellationToken cancel)
    {
        var rows = await session.QueryAsync<Row>($"{SelectSql} {session.Dialect.In("mailbox_id", "@ids")}",
            new { bucket, ids = session.Dialect.List(mailboxes.Select(id => id.Value)) }, cancel);
        return rows.ToLookup(row => row.Mailbox, row => new ProviderPace(row.Domain, row.Strikes, row.Since, row.Until, row.Answer));
    }

    public static Task StoreAsync(Session session, int bucket, MailboxId mailbox, ProviderPace pace, CancellationToken cancel) =>
        session.ExecuteAsync(UpsertSql, new { bucket, mailbox, pace.Domain, pace.Strikes, pace.Since, pace.Until, pace.Answer }, cancel);

    /// <summary>Learns from the answers that came for messages of one mailbox.</summary>
    public static async Task LearnAsync(Session session, int bucket, MailboxId mailbox, Instant now, IReadOnlyList<Sent> sent, CancellationToken cancel)
    {
        var known = (await LoadAsync(session, bucket, [mailbox], cancel))[mailbox].ToDictionary(pace => pace.Domain, StringComparer.Ordinal);
        foreach (var one in sent)
        {
            var domain = LimitUse.DomainOf(one.Message.ToAddress);
            var before = known.GetValueOrDefault(domain);
            var after = one.Outcome switch
            {
                SendOutcome.Deferred deferred when ProviderPace.IsAsked(deferred.Answer) => ProviderPace.Refused(before, domain, deferred.Answer, now),
                SendOutcome.Accepted => before?.Accepted(),
                _ => before,
            };
            if (after == before) continue;
            if (after is null) known.Remove(domain);
            else known[domain] = after;
            await (after is null ? session.ExecuteAsync(DeleteSql, new { bucket, mailbox, domain }, cancel) : StoreAsync(session, bucket, mailbox, after, cancel));
        }
    }

    /// <summary>Learns from a report that a message of the mailbox is delayed.</summary>
    public static async Task LearnAsync(Session session, int bucket, MailboxId mailbox, Instant now, string toAddress, FailedRecipient delayed, CancellationToken cancel)
    {
        if (!ProviderPace.IsAsked(delayed.Status, delayed.Diagnostic)) return;
        var domain = LimitUse.DomainOf(toAddress);
        var before = (await LoadAsync(session, bucket, [mailbox], cancel))[mailbox].FirstOrDefault(pace => pace.Domain == domain);
        await StoreAsync(session, bucket, mailbox, ProviderPace.Refused(before, domain, delayed.Diagnostic ?? delayed.Status!, now), cancel);
    }

    private sealed class Row
    {
        public MailboxId Mailbox { get; init; }
        public string Domain { get; init; } = "";
        public int Strikes { get; init; }
        public Instant Since { get; init; }
        public Instant Until { get; init; }
        public string Answer { get; init; } = "";
    }
}
