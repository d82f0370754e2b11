using System.Globalization;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Jobs;

/// <summary>Reads jobs, how far they are, and their rows.</summary>
public sealed class JobQueries(Database database)
{
    private const string OneSql =
        $"""
        select {StoredJob.Columns} from job where workspace_id = @workspace and id = @id
        """;

    private const string ListSql =
        $"""
        select {StoredJob.Columns} from job where workspace_id = @workspace and id > @after order by id limit @limit
        """;

    private const string StatesSql = "select job_id as Job, state as State, count(*) as Amount from job_row where status = 'done'";

    private const string RowsSql =
        $"""
        select {StoredJobRow.Columns} from job_row where job_id = @id and ordinal > @after
        """;

    /// <summary>Null = no such job.</summary>
    public Task<Job?> FindAsync(WorkspaceId workspace, JobId id, CancellationToken cancel) => database.ReadAsync(session => FindAsync(session, workspace, id, cancel), cancel);

    internal static async Task<Job?> FindAsync(Session session, WorkspaceId workspace, JobId id, CancellationToken cancel) =>
        await session.FirstAsync<StoredJob>(OneSql, new { workspace, id }, cancel) is { } job ? (await ShownAsync(session, [job], cancel))[0] : null;

    public Task<Page<Job>> ListAsync(WorkspaceId workspace, Guid after, int limit, CancellationToken cancel) => database.ReadAsync(
        async session =>
        {
            var jobs = await session.QueryAsync<StoredJob>(ListSql, new { workspace, after, limit = limit + 1 }, cancel);
            return Paging.Cut(await ShownAsync(session, jobs, cancel), limit, job => job.Id, job => job);
        },
        cancel);

    /// <summary>Null = no such job. <paramref name="status"/> null = all rows.</summary>
    public Task<Page<JobRow>?> RowsAsync(WorkspaceId workspace, JobId id, JobRowStatus? status, int after, int limit, CancellationToken cancel) => database.ReadAsync(
        async session =>
        {
            if (await session.FirstAsync<StoredJob>(OneSql, new { workspace, id }, cancel) is null) return null;
            var sql = $"{RowsSql} {(status is null ? "" : "and status = @status")} order by ordinal limit @limit";
            var rows = await session.QueryAsync<StoredJobRow>(
                sql, new { id, after, status = status is { } asked ? WireName.Of(asked) : null, limit = limit + 1 }, cancel);
            return Paging.Cut(rows, limit, row => row.Ordinal.ToString(CultureInfo.InvariantCulture), row => row.ToRow());
        },
        cancel);

    private static async Task<IReadOnlyList<Job>> ShownAsync(Session session, IReadOnlyList<StoredJob> jobs, CancellationToken cancel)
    {
        var sql = $"{StatesSql} and {session.Dialect.In("job_id", "@ids")} group by job_id, state";
        var states = (await session.QueryAsync<StateRow>(sql, new { ids = session.Dialect.List(jobs.Select(job => job.Id.Value)) }, cancel)).ToLookup(row => row.Job);
        return [.. jobs.Select(job => job.ToJob(
            states[job.Id].OrderBy(row => row.State, StringComparer.Ordinal).ToDictionary(row => row.State, row => (int)row.Amount, StringComparer.Ordinal)))];
    }

    private sealed record StateRow
    {
        public JobId Job { get; init; }
        public string State { get; init; } = "";
        public long Amount { get; init; }
    }
}
