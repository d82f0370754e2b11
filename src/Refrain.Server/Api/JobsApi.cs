using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Jobs;

namespace Refrain.Server.Api;

internal static class JobsApi
{
    public static void MapJobs(this RouteGroupBuilder api)
    {
        var jobs = api.Chapter("/jobs", "Jobs");
        jobs.MapGet("", ListAsync).WithName("listJobs").WithSummary("List jobs: work that goes on after its request was answered").Produces<Page<Job>>().ProducesProblemDocument(422);
        jobs.MapGet("/{id:id}", GetAsync).WithName("getJob").WithSummary("Get a job: how far it is, and what came of it").Produces<Job>().ProducesProblemDocument(404);
        jobs.MapGet("/{id:id}/rows", RowsAsync).WithName("listJobRows").WithSummary("The rows of a job in the order of its request; status=refused shows those that could not be done")
            .Produces<Page<JobRow>>().ProducesProblemDocument(404, 422);
    }

    public static string AddressOf(Job job) => $"{ApiRoutes.Root}/jobs/{job.Id}";

    private static async Task<IResult> ListAsync(Asker asker, JobQueries queries, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel) =>
        Results.Ok(await queries.ListAsync(asker.Caller.Workspace, Asked.After(cursor), Asked.Limit(limit), cancel));

    private static async Task<IResult> GetAsync(JobId id, Asker asker, JobQueries queries, CancellationToken cancel) =>
        Respond.With(await queries.FindAsync(asker.Caller.Workspace, id, cancel), "job");

    private static async Task<IResult> RowsAsync(
        JobId id, Asker asker, JobQueries queries, [FromQuery] string? status, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel)
    {
        var after = 0;
        if (cursor is not null && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after)) return Problems.Result(Asked.BadCursor(cursor));
        return Respond.With(await queries.RowsAsync(asker.Caller.Workspace, id, Asked.Name<JobRowStatus>("status", status), after, Asked.Limit(limit), cancel), "job");
    }
}
