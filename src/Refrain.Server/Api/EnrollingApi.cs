using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Enrollments;

namespace Refrain.Server.Api;

internal static class EnrollingApi
{
    private const int LongestKey = 255;

    public static void MapEnrolling(this RouteGroupBuilder api) =>
        api.Chapter("/sequences/{id:id}/enrollments", "Enrollments").MapPost("", EnrollAsync).WithName("enroll")
            .WithSummary("Enroll contacts; the same Idempotency-Key enrolls once; dryRun=true writes nothing; more than 1,000 are a job").Produces<Enrolled>().Produces<Job>(202).ProducesProblemDocument(404, 409, 422);

    private static async Task<IResult> EnrollAsync(
        SequenceId id, Body<Enroll> body, Asker asker, EnrollRequests requests, [FromQuery] bool? dryRun, [FromHeader(Name = "Idempotency-Key")] string? key, CancellationToken cancel)
    {
        if (key is not null && !IsKey(key))
            return Problems.Result(Problems.Invalid("Idempotency-Key", "invalid_value", $"An Idempotency-Key has 1 to {LongestKey} visible ASCII characters."));
        return Respond.With(await requests.EnrollAsync(asker.Caller, id, body.Value, key, dryRun ?? false, cancel), "sequence",
            reply => reply.Job is { } job ? Results.Accepted(JobsApi.AddressOf(job), job) : Results.Ok(reply.Enrolled));
    }

    private static bool IsKey(string key) => key.Length is > 0 and <= LongestKey && key.All(letter => letter is > ' ' and < '\u007f');
}
