using NodaTime;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Jobs;

/// <summary>Writes jobs down: what is to be done is durable before anybody is told that it will be.</summary>
internal static class JobBook
{
    private static readonly Table<(JobId Job, StoredJobRow Row)> Rows = new("job_row",
        new("job_id", ColumnType.Uuid, one => one.Job.Value),
        new("ordinal", ColumnType.Integer, one => one.Row.Ordinal),
        new("contact_id", ColumnType.Uuid, one => one.Row.Contact?.Value),
        new("email", ColumnType.Text, one => one.Row.Email),
        new("enrollment_id", ColumnType.Uuid, one => one.Row.Enrollment?.Value));

    private static readonly Table<(JobId Job, StoredJobRow Row)> Outcomes = new("job_row",
        new("job_id", ColumnType.Uuid, one => one.Job.Value, IsKey: true),
        new("ordinal", ColumnType.Integer, one => one.Row.Ordinal, IsKey: true),
        new("status", ColumnType.Text, one => one.Row.Status),
        new("enrollment_id", ColumnType.Uuid, one => one.Row.Enrollment?.Value),
        new("state", ColumnType.Text, one => one.Row.State),
        new("code", ColumnType.Text, one => one.Row.Code),
        new("message", ColumnType.Text, one => one.Row.Message));

    private const string InsertSql =
        """
        insert into job (id, workspace_id, member_id, kind, sequence_id, sequence_version, mailbox_id, start_at_step, total, leased_until, created_at)
        values (@Id, @Workspace, @Member, @Kind, @Sequence, @SequenceVersion, @Mailbox, @StartAtStep, @Total, @CreatedAt, @CreatedAt)
        """;

    private const string LeftSql =
        $"""
        select {StoredJobRow.Columns} from job_row where job_id = @Id and status = 'left' order by ordinal limit @limit
        """;

    private const string ProgressSql =
        """
        update job set done = done + @done, refused = refused + @refused where id = @Id
        """;

    private const string FinishSql = "update job set finished_at = @now where id = @Id and done = total and finished_at is null";

    public static async Task OpenAsync(Session session, StoredJob job, IReadOnlyList<StoredJobRow> rows, CancellationToken cancel)
    {
        await session.ExecuteAsync(InsertSql, job with { Total = rows.Count }, cancel);
        await session.InsertAsync(Rows, [.. rows.Select(row => (job.Id, row))], cancel);
    }

    public static Task<IReadOnlyList<StoredJobRow>> LeftAsync(Session session, StoredJob job, int limit, CancellationToken cancel) =>
        session.QueryAsync<StoredJobRow>(LeftSql, new { job.Id, limit }, cancel);

    /// <summary>Stores outcomes in the transaction of what they tell of, and with the last of them the end of the job.</summary>
    public static async Task StoreAsync(Session session, StoredJob job, IReadOnlyList<StoredJobRow> rows, Instant now, CancellationToken cancel)
    {
        await session.UpdateAsync(Outcomes, [.. rows.Select(row => (job.Id, row))], cancel);
        await session.ExecuteAsync(ProgressSql, new { job.Id, done = rows.Count, refused = rows.Count(row => row.Status == "refused") }, cancel);
        await session.ExecuteAsync(FinishSql, new { job.Id, now }, cancel);
    }
}
