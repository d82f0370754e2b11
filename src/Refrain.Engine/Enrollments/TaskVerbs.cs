using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>What people do with tasks, one or many at a time. Completing a draft sends it.</summary>
public sealed class TaskVerbs
{
    private const int Batch = 200;
    private static readonly Why NoSuchTask = Why.Of("not_found", "There is no such task.");
    private static readonly Why Unfinished = Why.Of("draft_unfinished", "The draft still has merge fields that this contact lacks: send it with a subject and a text.");
    private readonly Database database;
    private readonly EnrollmentStore door;
    private readonly TimeProvider time;
    private readonly Wakeups wakeups;

    internal TaskVerbs(Database database, EnrollmentStore door, TimeProvider time, Wakeups wakeups) =>
        (this.database, this.door, this.time, this.wakeups) = (database, door, time, wakeups);

    private const string TasksSql = """
        select bucket as Bucket, id as Id, enrollment_id as Enrollment, kind as Kind, status as Status, draft_subject as DraftSubject, draft_text as DraftText
        from task where workspace_id = @workspace and
        """;

    private const string EndReminderSql = """
        update task set status = @status, outcome = @outcome, ended_at = @at where bucket = @Bucket and id = @Id and status = 'open'
        """;

    private const string SnoozeSql = "update task set due_at = @until where bucket = @Bucket and id = @Id and status = 'open'";

    private const string ReassignSql = "update task set member_id = @user where bucket = @Bucket and id = @Id and status = 'open'";

    private const string UserSql = "select count(*) from member where workspace_id = @workspace and id = @user and active";

    /// <summary>Null = no such task. <paramref name="draft"/>: what the person made of the draft; null = as it stands.</summary>
    public async Task<DoorAnswer?> CompleteAsync(
        WorkspaceId workspace, Actor by, TaskId task, string? outcome, (string Subject, string Text)? draft, CancellationToken cancel) =>
        One(await EndAsync(workspace, [task], TaskEnding.Done, outcome, found => Completion(found, by, outcome, draft), cancel));

    /// <summary>Null = no such task.</summary>
    public async Task<DoorAnswer?> SkipAsync(WorkspaceId workspace, Actor by, TaskId task, CancellationToken cancel) => One(await SkipAsync(workspace, by, [task], cancel));

    /// <summary>Drafts go as they stand. Answers stand in the order of the tasks, each once.</summary>
    public Task<IReadOnlyList<(TaskId Task, DoorAnswer Answer)>> CompleteAsync(
        WorkspaceId workspace, Actor by, IReadOnlyList<TaskId> tasks, string? outcome, CancellationToken cancel) =>
        EndAsync(workspace, tasks, TaskEnding.Done, outcome, found => Completion(found, by, outcome, null), cancel);

    public Task<IReadOnlyList<(TaskId Task, DoorAnswer Answer)>> SkipAsync(WorkspaceId workspace, Actor by, IReadOnlyList<TaskId> tasks, CancellationToken cancel) =>
        EndAsync(workspace, tasks, TaskEnding.Skipped, null, found => new(found.Bucket, found.Enrollment, _ => new TaskSkipped(time.Now(), by, found.Id)), cancel);

    /// <summary>Puts tasks off: they are due later. Their runs wait as they did.</summary>
    public Task<IReadOnlyList<(TaskId Task, DoorAnswer Answer)>> SnoozeAsync(WorkspaceId workspace, IReadOnlyList<TaskId> tasks, Instant until, CancellationToken cancel) =>
        EachAsync(workspace, tasks, (session, open) => ChangeAsync(session, open, SnoozeSql, found => new { found.Bucket, found.Id, until },
            Why.Of("snoozed", "The task is due later."), cancel), cancel);

    /// <summary>Gives tasks to another user; their runs stay whose they are. A wrong user refuses the whole call.</summary>
    public async Task<Answer<IReadOnlyList<(TaskId Task, DoorAnswer Answer)>>> ReassignAsync(
        WorkspaceId workspace, IReadOnlyList<TaskId> tasks, string to, CancellationToken cancel)
    {
        var known = UserId.TryParse(to, out var user)
            && await database.ReadAsync(session => session.FirstAsync<long>(UserSql, new { workspace, user }, cancel), cancel) == 1;
        if (!known) return new Answer<IReadOnlyList<(TaskId, DoorAnswer)>>.Wrong([new("userId", "not_found", $"There is no active user \"{to}\".")]);
        return new Answer<IReadOnlyList<(TaskId, DoorAnswer)>>.Done(await EachAsync(workspace, tasks, (session, open) => ChangeAsync(
            session, open, ReassignSql, found => new { found.Bucket, found.Id, user }, Why.Of("reassigned", "The task is somebody else's."), cancel), cancel));
    }

    private static DoorAnswer? One(IReadOnlyList<(TaskId, DoorAnswer Answer)> answers) => answers[0].Answer.Why == NoSuchTask ? null : answers[0].Answer;

    /// <summary>Null for a draft that cannot go as it stands.</summary>
    private Knock? Completion(Found found, Actor by, string? outcome, (string Subject, string Text)? draft)
    {
        if (found.Kind != "manual_email") return new(found.Bucket, found.Enrollment, _ => new TaskCompleted(time.Now(), by, found.Id, outcome));
        if (draft is null && found.IsUnfinished) return null;
        var email = new RenderedEmail(draft?.Subject ?? found.DraftSubject ?? "", draft?.Text ?? found.DraftText ?? "", null);
        return new(found.Bucket, found.Enrollment, _ => new DraftSent(time.Now(), by, found.Id), Email: email);
    }

    private Task<IReadOnlyList<(TaskId Task, DoorAnswer Answer)>> EndAsync(
        WorkspaceId workspace, IReadOnlyList<TaskId> tasks, TaskEnding ending, string? outcome, Func<Found, Knock?> knock, CancellationToken cancel) =>
        EachAsync(workspace, tasks, async (session, open) =>
        {
            var blocking = open.Where(found => found.Kind != "reminder").Select(found => (found, knock: knock(found))).ToLookup(one => one.knock is not null);
            var answers = await door.ApplyAsync(session, workspace, [.. blocking[true].Select(one => one.knock!)], cancel);
            var reminders = await ChangeAsync(session, [.. open.Where(found => found.Kind == "reminder")], EndReminderSql,
                found => new { found.Bucket, found.Id, status = ending.WireName(), outcome, at = time.Now() }, Why.Of("reminder_ended", "The reminder is off the list."), cancel);
            var unfinished = blocking[false].Select(one => (one.found.Id, new DoorAnswer(one.found.Enrollment, TransitionKind.Refused, null, Unfinished)));
            return [.. blocking[true].Zip(answers, (one, answer) => (one.found.Id, answer)), .. reminders, .. unfinished];
        }, cancel);

    // Each batch is a transaction. What is open is done; the rest says why not.
    private async Task<IReadOnlyList<(TaskId Task, DoorAnswer Answer)>> EachAsync(
        WorkspaceId workspace, IReadOnlyList<TaskId> tasks, Func<Session, IReadOnlyList<Found>, Task<IReadOnlyList<(TaskId Task, DoorAnswer Answer)>>> change, CancellationToken cancel)
    {
        var all = new List<(TaskId, DoorAnswer)>();
        foreach (var chunk in tasks.Distinct().Chunk(Batch))
        {
            var answers = await database.WriteAsync(async session =>
            {
                var found = await session.QueryAsync<Found>($"{TasksSql} {session.Dialect.In("id", "@ids")} order by bucket, id {session.Dialect.ForUpdate}",
                    new { workspace, ids = session.Dialect.List(chunk.Select(task => task.Value)) }, cancel);
                var done = await change(session, [.. found.Where(task => task.Status == "open")]);
                return done.Concat(found.Where(task => task.Status != "open").Select(task => (task.Id, task.Ended))).ToDictionary(one => one.Item1, one => one.Item2);
            }, cancel);
            all.AddRange(chunk.Select(task => (task, answers.GetValueOrDefault(task) ?? new(default, TransitionKind.Refused, null, NoSuchTask))));
        }
        wakeups.WakeAll();
        return all;
    }

    private static async Task<IReadOnlyList<(TaskId Task, DoorAnswer Answer)>> ChangeAsync(
        Session session, IReadOnlyList<Found> open, string sql, Func<Found, object> parameters, Why why, CancellationToken cancel)
    {
        foreach (var found in open) await session.ExecuteAsync(sql, parameters(found), cancel);
        return [.. open.Select(found => (found.Id, new DoorAnswer(found.Enrollment, TransitionKind.Fact, null, why)))];
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

        // What could not be merged when the task was opened stands there as the template has it.
        public bool IsUnfinished => $"{DraftSubject}{DraftText}".Contains("{{", StringComparison.Ordinal) || string.IsNullOrWhiteSpace(DraftSubject) || string.IsNullOrWhiteSpace(DraftText);

        public DoorAnswer Ended => new(Enrollment, TransitionKind.Refused, null, Why.Of("task_ended", $"The task is {Status} already."));
    }
}
