using Microsoft.Extensions.Logging;
using NodaTime;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Loops;

/// <summary>
/// Forgets what no decision looks at any more: counts older than the longest window, the wishes of providers and answers to repeated requests older than a week, jobs and
/// deliveries that ended a month ago. Timelines are kept.
/// </summary>
internal sealed class PruneLoop(Database database, Wakeups wakeups, TimeProvider time, ILogger<PruneLoop> logger) : Loop(wakeups, time, logger)
{
    private static readonly TimeSpan Rest = TimeSpan.FromHours(1);
    private readonly TimeProvider time = time;
    private Instant nextAt = Instant.MinValue;

    private const string UseSql = "delete from mailbox_use where minute < @oldest";
    private const string LimitUseSql = "delete from limit_use where minute < @oldest";
    private const string ProviderSql = "delete from provider_pace where until < @forgotten";
    private const string PaceSql = "delete from limit_pace where until < @now";
    private const string IdempotencySql = "delete from idempotency where created_at < @oldest";
    private const string DeliveriesSql = "delete from webhook_delivery where status <> 'waiting' and created_at < @oldest";
    private const string JobsSql = "delete from job where finished_at < @oldest";

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        var now = time.Now();
        if (now < nextAt) return (nextAt - now).ToTimeSpan();
        var oldest = (now - LimitUse.Kept).ToUnixTimeSeconds() / 60;
        await database.WriteAsync(session => session.ExecuteAsync(UseSql, new { oldest }, cancel), cancel);
        await database.WriteAsync(session => session.ExecuteAsync(LimitUseSql, new { oldest }, cancel), cancel);
        await database.WriteAsync(session => session.ExecuteAsync(PaceSql, new { now }, cancel), cancel);
        await database.WriteAsync(session => session.ExecuteAsync(ProviderSql, new { forgotten = now - Duration.FromDays(7) }, cancel), cancel);
        await database.WriteAsync(session => session.ExecuteAsync(IdempotencySql, new { oldest = now - Duration.FromDays(7) }, cancel), cancel);
        await database.WriteAsync(session => session.ExecuteAsync(DeliveriesSql, new { oldest = now - Duration.FromDays(30) }, cancel), cancel);
        await database.WriteAsync(session => session.ExecuteAsync(JobsSql, new { oldest = now - Duration.FromDays(30) }, cancel), cancel);
        nextAt = now + Duration.FromTimeSpan(Rest);
        return Rest;
    }
}
