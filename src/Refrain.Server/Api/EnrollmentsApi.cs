using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;

namespace Refrain.Server.Api;

internal static class EnrollmentsApi
{
    public static void MapEnrollments(this RouteGroupBuilder api)
    {
        var enrollments = api.Chapter("/enrollments", "Enrollments");
        enrollments.MapGet("", ListAsync).WithName("listEnrollments").WithSummary("List enrollments, by sequence, state or contact")
            .Produces<Page<Contracts.Enrollment>>().ProducesProblemDocument(422);
        enrollments.MapGet("/{id:id}", GetAsync).WithName("getEnrollment").WithSummary("Get an enrollment").Produces<Contracts.Enrollment>().ProducesProblemDocument(404);
        enrollments.MapGet("/{id:id}/events", EventsAsync).WithName("listEnrollmentEvents").WithSummary("Get the timeline, oldest first")
            .Produces<Page<EnrollmentEvent>>().ProducesProblemDocument(404, 422);
        enrollments.MapGet("/{id:id}/why", WhyAsync).WithName("whyEnrollment").WithSummary("Ask why it has not gone on: every gate, and the predicted time")
            .Produces<EnrollmentWhy>().ProducesProblemDocument(404);
    }

    private static async Task<IResult> ListAsync(
        Asker asker, EnrollmentQueries queries, [FromQuery] string? sequenceId, [FromQuery] string? state, [FromQuery] string? contactId,
        [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel)
    {
        var filter = new EnrollmentListFilter(Asked.Id<SequenceId>("sequenceId", sequenceId, SequenceId.TryParse), State(state), Asked.Id<ContactId>("contactId", contactId, ContactId.TryParse));
        var after = EnrollmentCursor.Start;
        if (cursor is not null && !EnrollmentCursor.TryParse(cursor, out after)) return Problems.Result(Asked.BadCursor(cursor));
        return Results.Ok(await queries.ListAsync(asker.Caller.Workspace, filter, after, Asked.Limit(limit), cancel));
    }

    private static async Task<IResult> GetAsync(EnrollmentId id, Asker asker, EnrollmentQueries queries, CancellationToken cancel) =>
        Respond.With(await queries.FindAsync(asker.Caller.Workspace, id, cancel), "enrollment");

    private static async Task<IResult> EventsAsync(
        EnrollmentId id, Asker asker, EnrollmentQueries queries, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel)
    {
        var after = -1;
        if (cursor is not null && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after)) return Problems.Result(Asked.BadCursor(cursor));
        return Respond.With(await queries.EventsAsync(asker.Caller.Workspace, id, after, Asked.Limit(limit), cancel), "enrollment");
    }

    private static async Task<IResult> WhyAsync(EnrollmentId id, Asker asker, WhyQueries queries, CancellationToken cancel) =>
        Respond.With(await queries.OfAsync(asker.Caller.Workspace, id, cancel), "enrollment");

    private static EnrollmentState? State(string? text) => text is null ? null
        : EnrollmentStates.TryParse(text, out var state) ? state
        : throw new RequestRefusedException(Problems.Invalid(
            "state", "invalid_value", $"state must be one of {string.Join(", ", EnrollmentStates.All.Select(one => one.WireName()))}, not \"{text}\"."));
}
