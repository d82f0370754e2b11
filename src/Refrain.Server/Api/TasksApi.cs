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
        tasks.MapPost("/{id:id}/snooze", SnoozeAsync).WithName("snoozeTask").WithSummary("Put a task off: it is due later").Produces(204).ProducesProblemDocument(404, 409, 422);
        tasks.MapPost("/{id:id}/reassign", ReassignAsync).WithName("reassignTask").WithSummary("Give a task to another user; its run stays whose it is")
            .Produces(204).ProducesProblemDocument(404, 409, 422);
        tasks.MapPost("/bulk", BulkAsync).WithName("bulkTasks").WithSummary("One action on many tasks; which refuse is named").Produces<BulkResult>().ProducesProblemDocument(422);
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

    private static async Task<IResult> SnoozeAsync(TaskId id, Body<TaskSnooze> body, Asker asker, TaskVerbs tasks, Verbs verbs, CancellationToken cancel) =>
        Ended((await tasks.SnoozeAsync(asker.Caller.Workspace, [id], verbs.Future("until", body.Value.Until)!.Value, cancel))[0].Answer);

    private static async Task<IResult> ReassignAsync(TaskId id, Body<TaskReassignment> body, Asker asker, TaskVerbs tasks, CancellationToken cancel) =>
        Respond.With(await tasks.ReassignAsync(asker.Caller.Workspace, [id], body.Value.UserId, cancel), "task", answers => Ended(answers[0].Answer));

    private static async Task<IResult> BulkAsync(Body<TaskBulk> body, Asker asker, TaskVerbs tasks, Verbs verbs, CancellationToken cancel)
    {
        var (bulk, caller) = (body.Value, asker.Caller);
        if (MisfitOf(bulk) is { } misfit) return Problems.Result(misfit);
        var wrong = bulk.Ids.Where(id => !TaskId.TryParse(id, out _)).Select(id => new Refusal(id, "not_found", "There is no such task.")).ToList();
        var ids = bulk.Ids.Select(id => TaskId.TryParse(id, out var right) ? right : (TaskId?)null).OfType<TaskId>().ToList();
        return bulk.Action switch
        {
            TaskAction.Complete => Done(await tasks.CompleteAsync(caller.Workspace, caller.Actor, ids, bulk.Outcome, cancel), wrong),
            TaskAction.Skip => Done(await tasks.SkipAsync(caller.Workspace, caller.Actor, ids, cancel), wrong),
            TaskAction.Snooze => Done(await tasks.SnoozeAsync(caller.Workspace, ids, verbs.Future("until", bulk.Until)!.Value, cancel), wrong),
            TaskAction.Reassign => Respond.With(await tasks.ReassignAsync(caller.Workspace, ids, bulk.UserId!, cancel), "task", answers => Done(answers, wrong)),
        };
    }

    private static ProblemDocument? MisfitOf(TaskBulk bulk)
    {
        foreach (var (field, given, action) in new[]
        {
            ("outcome", bulk.Outcome is not null, TaskAction.Complete), ("until", bulk.Until is not null, TaskAction.Snooze), ("userId", bulk.UserId is not null, TaskAction.Reassign),
        })
            if (given && bulk.Action != action) return Problems.Invalid(field, "not_for_this_action", $"{field} is for {WireName.Of(action)}, not for {WireName.Of(bulk.Action)}.");
            else if (!given && bulk.Action == action && action != TaskAction.Complete) return Problems.Invalid(field, "required", $"To {WireName.Of(action)}, give {field}.");
        return null;
    }

    private static IResult Done(IReadOnlyList<(TaskId Task, DoorAnswer Answer)> answers, IReadOnlyList<Refusal> wrong) => Results.Ok(new BulkResult(
        answers.Count(one => one.Answer.Kind != TransitionKind.Refused),
        [.. answers.Where(one => one.Answer.Kind == TransitionKind.Refused).Select(one => new Refusal(one.Task.ToString(), one.Answer.Why.Code, one.Answer.Why.Sentence)), .. wrong]));

    private static IResult Ended(DoorAnswer? answer) => answer switch
    {
        null or { Kind: TransitionKind.Refused, Why.Code: "not_found" } => Problems.Result(Problems.NotFound("task")),
        { Kind: TransitionKind.Refused } => Respond.Refused(answer.Why),
        _ => Results.NoContent(),
    };

    // RFC 5322 section 2.2: a header field is one line.
    private static ProblemDocument? DraftProblem(Draft draft) =>
        string.IsNullOrWhiteSpace(draft.Subject) || draft.Subject.AsSpan().ContainsAny('\r', '\n') || draft.Subject.Length > 998
            ? Problems.Invalid("draft.subject", "invalid_subject", "An email needs a subject of one line and 1 to 998 characters.")
            : string.IsNullOrWhiteSpace(draft.Text) ? Problems.Invalid("draft.text", "invalid_text", "An email needs a text.") : null;
}
