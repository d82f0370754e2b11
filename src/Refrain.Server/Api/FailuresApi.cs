using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;

namespace Refrain.Server.Api;

internal static class FailuresApi
{
    public static void MapFailures(this RouteGroupBuilder api)
    {
        var failures = api.Chapter("/failures", "Failures");
        failures.MapGet("", DeskAsync).WithName("listFailures").WithSummary("The failure desk: failures by root cause").Produces<FailureDesk>();
        failures.MapPost("/retry", RetryAsync).WithName("retryFailures").WithSummary("Retry all of a cause; never what may have been delivered")
            .Produces<BulkResult>().ProducesProblemDocument(422);
    }

    private static async Task<IResult> DeskAsync(Asker asker, FailureQueries queries, CancellationToken cancel) =>
        Results.Ok(await queries.DeskAsync(asker.Caller.Workspace, cancel));

    private static async Task<IResult> RetryAsync(Body<FailureRetry> body, Asker asker, BulkVerbs bulk, CancellationToken cancel)
    {
        var retry = body.Value;
        var filter = new EnrollmentListFilter(
            Asked.Id<SequenceId>("sequenceId", retry.SequenceId, SequenceId.TryParse), Cause: Failure.TryParse(retry.Cause, out var cause) ? cause : null,
            Detail: retry.Detail, Mailbox: Asked.Id<MailboxId>("mailboxId", retry.MailboxId, MailboxId.TryParse), Failed: true);
        return Results.Ok(await bulk.ToFilteredAsync(asker.Caller, filter, BulkAction.Retry, null, cancel));
    }
}
