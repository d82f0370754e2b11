using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Tasks;

namespace Refrain.Server.Api;

internal static class TasksApi
{
    public static void MapTasks(this RouteGroupBuilder api)
    {
        var tasks = api.Chapter("/tasks", "Tasks");
        tasks.MapGet("", ListAsync).WithName("listTasks").WithSummary("The queue of open tasks: due longest first").Produces<Page<TaskLine>>().ProducesProblemDocument(422);
        tasks.MapPost("/{id:id}/complete", CompleteAsync).WithName("completeTask").WithSummary("Complete a task; completing a draft sends it")
            .Produces(204).ProducesProblemDocument(404, 409, 422);
        tasks.MapPost("/{id:id}/skip", SkipAsync).WithName("skipTask").WithSummary("Skip a task").Produces(204).ProducesProblemDocument(404, 409);
    }

    private static async Task<IResult> ListAsync(
        Asker asker, TaskQueries queries, [FromQuery] string? userId, [FromQuery] string? kind, [FromQuery] string? enrollmentId,
        [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel)
    {
        var after = TaskCursor.Start;
        if (cursor is not null && !TaskCursor.TryParse(cursor, out after)) return Problems.Result(Asked.BadCursor(cursor));
        var filter = new TaskFilter(
            Asked.Id<UserId>("userId", userId, UserId.TryParse), Asked.Name<TaskKind>("kind", kind), Asked.Id<EnrollmentId>("enrollmentId", enrollmentId, EnrollmentId.TryParse));
        return Results.Ok(await queries.ListAsync(asker.Caller.Workspace, filter, after, Asked.Limit(limit), cancel));
    }

    private static async Task<IResult> CompleteAsync(TaskId id, Body<TaskCompletion> body, Asker asker, TaskVerbs verbs, CancellationToken cancel)
    {
        var draft = body.Value.Draft;
        if (draft is not null && DraftProblem(draft) is { } problem) return Problems.Result(problem);
        return Ended(await verbs.CompleteAsync(
            asker.Caller.Workspace, asker.Caller.Actor, id, body.Value.Outcome, draft is null ? null : (draft.Subject, draft.Text), cancel));
    }

    private static async Task<IResult> SkipAsync(TaskId id, Asker asker, TaskVerbs verbs, CancellationToken cancel) =>
        Ended(await verbs.SkipAsync(asker.Caller.Workspace, asker.Caller.Actor, id, cancel));

    private static IResult Ended(DoorAnswer? answer) => answer switch
    {
        null => Problems.Result(Problems.NotFound("task")),
        { Kind: TransitionKind.Refused } => Respond.Refused(answer.Why),
        _ => Results.NoContent(),
    };

    // RFC 5322 section 2.2: a header field is one line.
    private static ProblemDocument? DraftProblem(Draft draft) =>
        string.IsNullOrWhiteSpace(draft.Subject) || draft.Subject.AsSpan().ContainsAny('\r', '\n') || draft.Subject.Length > 998
            ? Problems.Invalid("draft.subject", "invalid_subject", "An email needs a subject of one line and 1 to 998 characters.")
            : string.IsNullOrWhiteSpace(draft.Text) ? Problems.Invalid("draft.text", "invalid_text", "An email needs a text.") : null;
}
