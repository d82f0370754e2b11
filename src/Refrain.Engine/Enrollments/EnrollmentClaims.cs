using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>A bucket, the epoch in which it was looked at, and when its next enrollment is due.</summary>
internal sealed class BucketProbe
{
    public int Number { get; init; }
    public long Epoch { get; init; }
    public Instant? NextAt { get; init; }
}

/// <summary>
/// Takes due enrollments in batches. A claim moves the queue's time on by a lease: whoever dies with it loses it by itself. Whoever owns a bucket later raises its epoch,
/// and from then on claims in the old one get nothing.
/// </summary>
internal sealed class EnrollmentClaims(Database database)
{
    private const string ProbeSql = """
        select b.number as Number, b.epoch as Epoch,
            (select e.next_at from enrollment e where e.bucket = b.number and e.next_at is not null and not e.frozen order by e.next_at limit 1) as NextAt
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

    private const string PostponeSql = "update enrollment set next_at = @until where bucket = @Bucket and next_at is not null and revision = @Revision and id = @Id";

    public Task<IReadOnlyList<BucketProbe>> ProbeAsync(CancellationToken cancel) =>
        database.ReadAsync(session => session.QueryAsync<BucketProbe>(ProbeSql, null, cancel), cancel);

    public async Task<IReadOnlyList<Enrollment>> ClaimAsync(int bucket, long epoch, Instant now, Duration lease, int limit, CancellationToken cancel)
    {
        var columns = EnrollmentRow.Columns;
        var rows = await database.WriteAsync(session => session.QueryAsync<EnrollmentRow>(
            session.Dialect.Kind == DatabaseKind.Postgres ? $"{PostgresClaimSql} {Qualified(columns)}" : $"{SqliteClaimSql} {columns}",
            new { bucket, epoch, now, lease = now + lease, limit }, cancel), cancel);
        return [.. rows.Select(row => row.ToEnrollment())];
    }

    /// <summary>Looks at an enrollment again at a later time; its own times stay what they are.</summary>
    public static Task PostponeAsync(Session session, Enrollment enrollment, Instant until, CancellationToken cancel) =>
        session.ExecuteAsync(PostponeSql, new { enrollment.Bucket, enrollment.Id, enrollment.Revision, until }, cancel);

    private static string Qualified(string columns) => columns.Replace("id as Id", "enrollment.id as Id", StringComparison.Ordinal)
        .Replace("workspace_enrollment.id", "workspace_id", StringComparison.Ordinal);
}
