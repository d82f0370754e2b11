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
            .WithSummary("Enroll contacts; the same Idempotency-Key enrolls once; dryRun=true writes nothing").Produces<Enrolled>().ProducesProblemDocument(404, 409, 422);

    private static async Task<IResult> EnrollAsync(
        SequenceId id, Body<Enroll> body, Asker asker, EnrollRequests requests, [FromQuery] bool? dryRun, [FromHeader(Name = "Idempotency-Key")] string? key, CancellationToken cancel)
    {
        if (key is not null && !IsKey(key))
            return Problems.Result(Problems.Invalid("Idempotency-Key", "invalid_value", $"An Idempotency-Key has 1 to {LongestKey} visible ASCII characters."));
        return Respond.Ok(await requests.EnrollAsync(asker.Caller, id, body.Value, key, dryRun ?? false, cancel), "sequence");
    }

    private static bool IsKey(string key) => key.Length is > 0 and <= LongestKey && key.All(letter => letter is > ' ' and < '\u007f');
}
