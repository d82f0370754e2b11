using NodaTime;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Webhooks;

/// <summary>
/// News on their way. Of one enrollment only the oldest that waits is ever claimed, so they arrive in order. A claim is a lease: whoever dies with it has perhaps
/// delivered, and the next attempt says the same id.
/// </summary>
internal sealed class WebhookQueue(Database database, TimeProvider time)
{
    private static readonly Duration Lease = Duration.FromSeconds(60);

    /// <summary>What the specification proposes: after the last a delivery has failed.</summary>
    private static readonly Duration[] Delays =
    [
        Duration.FromSeconds(5), Duration.FromMinutes(5), Duration.FromMinutes(30), Duration.FromHours(2), Duration.FromHours(5), Duration.FromHours(10),
        Duration.FromHours(14), Duration.FromHours(20), Duration.FromHours(24),
    ];

    private const string NextSql =
        """
        select next_at from webhook_delivery
        where status = 'waiting' and webhook_id in (select id from webhook where deleted_at is null and disabled_at is null) order by next_at limit 1
        """;

    private const string TargetsSql = "select id as Webhook, url as Url, secret as Secret from webhook where";

    private const string LinesSql =
        """
        select e.enrollment_id as Enrollment, e.ordinal as Ordinal, r.contact_id as Contact, r.sequence_id as Sequence, e.at as At, e.signal as Signal, e.from_state as FromState,
            e.to_state as ToState, e.why_sentence as Why, e.why_code as WhyCode, e.actor as Actor, e.message_id as Message
        from enrollment r join enrollment_event e on e.bucket = r.bucket and e.enrollment_id = r.id where r.bucket in (select number from bucket) and
        """;

    private const string StoreSql =
        """
        update webhook_delivery set status = @status, next_at = @next, answer = @answer
        where webhook_id = @Webhook and enrollment_id = @Enrollment and ordinal = @Ordinal and status = 'waiting' and attempts = @Attempts
        """;

    private const string DisableSql = "update webhook set disabled_at = @now where id = @Webhook and disabled_at is null";

    /// <summary>When the next attempt is due; null when nothing waits.</summary>
    public Task<Instant?> NextAsync(CancellationToken cancel) => database.ReadAsync(session => session.FirstAsync<Instant?>(NextSql, null, cancel), cancel);

    public async Task<IReadOnlyList<DueDelivery>> ClaimAsync(int limit, CancellationToken cancel)
    {
        var now = time.Now();
        return await database.WriteAsync(async session =>
        {
            var claimed = await session.QueryAsync<DueDelivery>(ClaimSql(session.Dialect), new { now, lease = now + Lease, limit }, cancel);
            return await WithContentAsync(session, claimed, cancel);
        }, cancel);
    }

    /// <summary>Stores what came of an attempt. Somebody who has claimed it since has the say.</summary>
    public Task StoreAsync(DueDelivery delivery, WebhookAnswer answer, CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            var now = time.Now();
            Instant? next = answer.IsAccepted || delivery.Attempts > Delays.Length ? null : now + Delays[delivery.Attempts - 1];
            var status = answer.IsAccepted ? "delivered" : next is null ? "failed" : "waiting";
            await session.ExecuteAsync(StoreSql, new { status, next, answer = answer.Words, delivery.Webhook, delivery.Enrollment, delivery.Ordinal, delivery.Attempts }, cancel);
            if (answer.IsGone) await session.ExecuteAsync(DisableSql, new { delivery.Webhook, now }, cancel);
        },
        cancel);

    private static async Task<IReadOnlyList<DueDelivery>> WithContentAsync(Session session, IReadOnlyList<DueDelivery> claimed, CancellationToken cancel)
    {
        if (claimed.Count == 0) return [];
        var targets = (await session.QueryAsync<DueDelivery>($"{TargetsSql} {session.Dialect.In("id", "@ids")}",
            new { ids = session.Dialect.List(claimed.Select(one => one.Webhook).Distinct()) }, cancel)).ToDictionary(target => target.Webhook);
        var lines = (await session.QueryAsync<NewsLine>($"{LinesSql} {session.Dialect.In("r.id", "@ids")}",
            new { ids = session.Dialect.List(claimed.Select(one => one.Enrollment.Value).Distinct()) }, cancel)).ToDictionary(line => (line.Enrollment, line.Ordinal));
        return [.. claimed.Select(one => one with { Url = targets[one.Webhook].Url, Secret = targets[one.Webhook].Secret, Line = lines[(one.Enrollment, one.Ordinal)] })];
    }

    private static string ClaimSql(Dialect dialect) =>
        $"""
        update webhook_delivery set next_at = @lease, attempts = attempts + 1
        where (webhook_id, enrollment_id, ordinal) in (
            select d.webhook_id, d.enrollment_id, d.ordinal from webhook_delivery d
            where d.status = 'waiting' and d.next_at <= @now and d.webhook_id in (select id from webhook where deleted_at is null and disabled_at is null)
                and not exists (select 1 from webhook_delivery p
                    where p.webhook_id = d.webhook_id and p.enrollment_id = d.enrollment_id and p.ordinal < d.ordinal and p.status = 'waiting')
            order by d.next_at, d.id limit @limit {dialect.SkipLocked})
        returning {DueDelivery.Columns}
        """;
}
