using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Access;
using Refrain.Engine.Enrollments;

namespace Refrain.Server.Api;

internal static class EnrollmentVerbsApi
{
    public static void MapEnrollmentVerbs(this RouteGroupBuilder api)
    {
        var enrollments = api.Chapter("/enrollments", "Enrollments");
        Verb(enrollments.MapPut("/{id:id}/pause", PauseAsync), "pauseEnrollment", "Pause, until an instant or until somebody resumes");
        Verb(enrollments.MapDelete("/{id:id}/pause", ResumeAsync), "resumeEnrollment", "Resume; with `at` the step is taken up then");
        Verb(enrollments.MapPost("/{id:id}/retry", RetryAsync), "retryEnrollment", "Retry the failed step; an unknown outcome has to be settled: resend or delivered");
        Verb(enrollments.MapPost("/{id:id}/skip", SkipAsync), "skipStep", "Skip the current step");
        Verb(enrollments.MapPost("/{id:id}/finish", FinishAsync), "finishEnrollment", "Close the run as not replied to");
        Verb(enrollments.MapDelete("/{id:id}", UnenrollAsync), "unenroll", "Take the contact out of the sequence");
        Verb(enrollments.MapPost("/{id:id}/move", MoveAsync), "moveEnrollment", "Give the run to another mailbox; not while an email of it is with the server");
        enrollments.MapPost("/bulk", BulkAsync).WithName("bulkEnrollments").WithSummary("One verb for many: by ids or by a filter; who refuses is named")
            .Produces<BulkResult>().ProducesProblemDocument(422);
    }

    private static void Verb(RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary).Produces<Contracts.Enrollment>().ProducesProblemDocument(404, 409, 422);

    private static Task<IResult> PauseAsync(EnrollmentId id, Body<Pause> body, Asker asker, Verbs verbs, CancellationToken cancel)
    {
        var until = verbs.Future("until", body.Value.Until);
        return verbs.DoAsync(asker.Caller, id, (now, by) => new Paused(now, by, until), cancel);
    }

    private static Task<IResult> ResumeAsync(EnrollmentId id, Asker asker, Verbs verbs, [FromQuery] string? at, CancellationToken cancel)
    {
        var runAt = at == "now" ? (Instant?)null : Asked.Instant("at", at) is { } given ? Instant.FromDateTimeOffset(given) : null;
        return verbs.DoAsync(asker.Caller, id, (now, by) => new Resumed(now, by, at == "now" ? now : runAt), cancel);
    }

    private static Task<IResult> RetryAsync(EnrollmentId id, Body<Retry> body, Asker asker, Verbs verbs, CancellationToken cancel)
    {
        UnknownResolution? unknown = body.Value.Unknown is not { } given ? null : given switch
        {
            UnknownOutcome.Resend => UnknownResolution.Resend,
            UnknownOutcome.Delivered => UnknownResolution.Delivered,
        };
        return verbs.DoAsync(asker.Caller, id, (now, by) => new Retried(now, by, unknown), cancel);
    }

    private static Task<IResult> SkipAsync(EnrollmentId id, Asker asker, Verbs verbs, CancellationToken cancel) =>
        verbs.DoAsync(asker.Caller, id, (now, by) => new StepSkipped(now, by), cancel);

    private static Task<IResult> FinishAsync(EnrollmentId id, Asker asker, Verbs verbs, CancellationToken cancel) =>
        verbs.DoAsync(asker.Caller, id, (now, by) => new MarkedNoReply(now, by), cancel);

    private static Task<IResult> UnenrollAsync(EnrollmentId id, Asker asker, Verbs verbs, CancellationToken cancel) =>
        verbs.DoAsync(asker.Caller, id, (now, by) => new Removed(now, by, RemovalRule.User), cancel);

    private static async Task<IResult> MoveAsync(EnrollmentId id, Body<MoveToMailbox> body, Asker asker, SenderMoves moves, EnrollmentQueries queries, CancellationToken cancel) =>
        await Respond.WithAsync(await moves.MoveAsync(asker.Caller, id, body.Value.MailboxId, cancel), asker.Caller.Workspace, queries, cancel);

    private static async Task<IResult> BulkAsync(Body<Bulk> body, Asker asker, Verbs verbs, BulkVerbs bulk, CancellationToken cancel)
    {
        var (action, ids, filter) = (body.Value.Action, body.Value.Ids, body.Value.Filter);
        if ((ids is null) == (filter is null)) return Problems.Result(Problems.Invalid("ids", "one_of", "Give either ids or a filter."));
        if (filter is { SequenceId: null, State: null, Cause: null }) return Problems.Result(Problems.Invalid("filter", "required", "An empty filter would mean everybody; name a sequenceId, a state or a cause."));
        if (body.Value.Until is not null && action != BulkAction.Pause) return Problems.Result(Problems.Invalid("until", "not_for_this_action", "Only a pause has an end."));
        var until = verbs.Future("until", body.Value.Until);
        if (ids is null) return Results.Ok(await bulk.ToFilteredAsync(asker.Caller, FilterOf(filter!), action, until, cancel));
        var wrong = ids.Where(id => !EnrollmentId.TryParse(id, out _)).Select(id => new Refusal(id, "not_found", "There is no such enrollment.")).ToList();
        var known = ids.Select(id => EnrollmentId.TryParse(id, out var right) ? right : (EnrollmentId?)null).OfType<EnrollmentId>().ToList();
        var result = await bulk.ToIdsAsync(asker.Caller, known, action, until, cancel);
        return Results.Ok(result with { Refused = [.. result.Refused, .. wrong] });
    }

    private static EnrollmentListFilter FilterOf(EnrollmentFilter filter) => new(
        Asked.Id<SequenceId>("filter.sequenceId", filter.SequenceId, SequenceId.TryParse),
        EnrollmentStates.TryParse(filter.State, out var state) ? state : null,
        Cause: Failure.TryParse(filter.Cause, out var cause) ? cause : null);
}

/// <summary>What every verb of one enrollment has in common.</summary>
internal sealed class Verbs(BulkVerbs bulk, EnrollmentQueries queries, TimeProvider time)
{
    public async Task<IResult> DoAsync(Caller caller, EnrollmentId id, Func<Instant, Actor, Signal> signal, CancellationToken cancel) =>
        await Respond.WithAsync(await bulk.ToOneAsync(caller, id, signal, cancel), caller.Workspace, queries, cancel);

    public Instant? Future(string field, DateTimeOffset? instant)
    {
        if (instant <= time.GetUtcNow()) throw new RequestRefusedException(Problems.Invalid(field, "in_the_past", $"{field} must lie in the future."));
        return instant is { } given ? Instant.FromDateTimeOffset(given) : null;
    }
}
