using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>What people do with tasks. Completing a draft sends it.</summary>
public sealed class TaskVerbs
{
    private readonly Database database;
    private readonly EnrollmentStore door;
    private readonly TimeProvider time;
    private readonly Wakeups wakeups;

    internal TaskVerbs(Database database, EnrollmentStore door, TimeProvider time, Wakeups wakeups) =>
        (this.database, this.door, this.time, this.wakeups) = (database, door, time, wakeups);

    private const string TaskSql = """
        select bucket as Bucket, id as Id, enrollment_id as Enrollment, kind as Kind, status as Status, draft_subject as DraftSubject, draft_text as DraftText
        from task where id = @task and workspace_id = @workspace
        """;

    private const string EndReminderSql = """
        update task set status = @status, outcome = @outcome, ended_at = @at where bucket = @Bucket and id = @Id and status = 'open'
        """;

    /// <summary>Null = no such task. <paramref name="draft"/>: what the person made of the draft; null = as it stands.</summary>
    public Task<DoorAnswer?> CompleteAsync(
        WorkspaceId workspace, Actor by, TaskId task, string? outcome, (string Subject, string Text)? draft, CancellationToken cancel) =>
        EndAsync(workspace, task, TaskEnding.Done, outcome, found =>
        {
            if (found.Kind != "manual_email")
                return new(found.Bucket, found.Enrollment, _ => new TaskCompleted(time.Now(), by, task, outcome));
            var email = new RenderedEmail(draft?.Subject ?? found.DraftSubject ?? "", draft?.Text ?? found.DraftText ?? "", null);
            return new(found.Bucket, found.Enrollment, _ => new DraftSent(time.Now(), by, task), Email: email);
        }, cancel);

    /// <summary>Null = no such task.</summary>
    public Task<DoorAnswer?> SkipAsync(WorkspaceId workspace, Actor by, TaskId task, CancellationToken cancel) =>
        EndAsync(workspace, task, TaskEnding.Skipped, null, found => new(found.Bucket, found.Enrollment, _ => new TaskSkipped(time.Now(), by, task)), cancel);

    private async Task<DoorAnswer?> EndAsync(
        WorkspaceId workspace, TaskId task, TaskEnding ending, string? outcome, Func<Found, Knock> knock, CancellationToken cancel)
    {
        var answer = await database.WriteAsync(async session =>
        {
            if (await session.FirstAsync<Found>($"{TaskSql} {session.Dialect.ForUpdate}", new { task, workspace }, cancel) is not { } found) return null;
            if (found.Status != "open")
                return new DoorAnswer(found.Enrollment, TransitionKind.Refused, null, Why.Of("task_ended", $"The task is {found.Status} already."));
            if (found.Kind != "reminder") return (await door.ApplyAsync(session, workspace, [knock(found)], cancel))[0];
            await session.ExecuteAsync(EndReminderSql, new { found.Bucket, found.Id, status = ending.WireName(), outcome, at = time.Now() }, cancel);
            return new DoorAnswer(found.Enrollment, TransitionKind.Fact, null, Why.Of("reminder_ended", "The reminder is off the list."));
        }, cancel);
        wakeups.WakeAll();
        return answer;
    }

    private sealed class Found
    {
        public int Bucket { get; init; }
        public TaskId Id { get; init; }
        public EnrollmentId Enrollment { get; init; }
        public string Kind { get; init; } = "";
        public string Status { get; init; } = "";
        public string? DraftSubject { get; init; }
        public string? DraftText { get; init; }
    }
}
