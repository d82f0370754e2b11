using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>A bucket and the epoch in which it was looked at: when its next enrollment is due, when a slot is free in it, and whether a message there may have been left without an outcome.</summary>
internal sealed class BucketProbe
{
    public int Number { get; init; }
    public long Epoch { get; init; }
    public Instant? NextAt { get; init; }
    public Instant? SlotsAt { get; init; }
    public bool Doubtful { get; init; }
}

/// <summary>
/// Takes due enrollments in batches. A claim moves the queue's time on by a lease: whoever dies with it loses it by itself. Whoever owns a bucket later raises its epoch,
/// and from then on claims in the old one get nothing.
/// </summary>
internal sealed class EnrollmentClaims(Database database, EngineSettings settings)
{
    private const string ProbeSql = """
        select b.number as Number, b.epoch as Epoch,
            (select e.next_at from enrollment e where e.bucket = b.number and e.next_at is not null and not e.frozen order by e.next_at limit 1) as NextAt,
            (select m.slots_next_at from mailbox m where m.bucket = b.number and m.slots_next_at is not null order by m.slots_next_at limit 1) as SlotsAt,
            exists (select 1 from outbound_message o where o.bucket = b.number and o.status = 'intended' and (o.node <> @self or o.intended_at <= @oldest))
                or exists (select 1 from outbound_message o where o.bucket = b.number and o.status = 'handed' and (o.node <> @self or o.handed_at <= @longest)) as Doubtful
        from bucket b
        """;

    // PostgreSQL passes over rows that another process is claiming; SQLite has one writer.
    private const string PostgresClaimSql = """
        with due as (
            select id from enrollment
            where bucket = @bucket and next_at <= @now and not frozen and (select epoch from bucket where number = @bucket) = @epoch
            order by next_at limit @limit for update skip locked)
        update enrollment set next_at = @lease from due where enrollment.bucket = @bucket and enrollment.id = due.id
        returning
        """;

    private const string SqliteClaimSql = """
        update enrollment set next_at = @lease
        where bucket = @bucket and id in (
            select id from enrollment
            where bucket = @bucket and next_at <= @now and not frozen and (select epoch from bucket where number = @bucket) = @epoch
            order by next_at limit @limit)
        returning
        """;

    private const string PostponeSql = "update enrollment set next_at = @until where bucket = @bucket and next_at is not null and";

    /// <summary>The one look that an idle process takes: a few steps down an index for each bucket, however many wait.</summary>
    public Task<IReadOnlyList<BucketProbe>> ProbeAsync(Instant now, CancellationToken cancel) => database.ReadAsync(session => session.QueryAsync<BucketProbe>(
        ProbeSql, new { self = settings.Node, oldest = now - Outbox.FreshFor, longest = now - Outbox.LongestHanded }, cancel), cancel);

    public async Task<IReadOnlyList<Enrollment>> ClaimAsync(int bucket, long epoch, Instant now, Duration lease, int limit, CancellationToken cancel)
    {
        var columns = EnrollmentRow.Columns;
        var rows = await database.WriteAsync(session => session.QueryAsync<EnrollmentRow>(
            session.Dialect.Kind == DatabaseKind.Postgres ? $"{PostgresClaimSql} {Qualified(columns)}" : $"{SqliteClaimSql} {columns}",
            new { bucket, epoch, now, lease = now + lease, limit }, cancel), cancel);
        return [.. rows.Select(row => row.ToEnrollment())];
    }

    /// <summary>Looks at enrollments, whose rows the caller has locked, again at a later time; their own times stay what they are.</summary>
    public static async Task PostponeAsync(Session session, int bucket, IReadOnlyList<EnrollmentId> postponed, Instant until, CancellationToken cancel)
    {
        if (postponed.Count == 0) return;
        await session.ExecuteAsync($"{PostponeSql} {session.Dialect.In("id", "@ids")}", new { bucket, until, ids = session.Dialect.List(postponed.Select(id => id.Value)) }, cancel);
    }

    private static string Qualified(string columns) => columns.Replace("id as Id", "enrollment.id as Id", StringComparison.Ordinal)
        .Replace("workspace_enrollment.id", "workspace_id", StringComparison.Ordinal);
}
