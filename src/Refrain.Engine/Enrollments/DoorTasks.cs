using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>Opens and ends the tasks of runs, inside the door's transaction.</summary>
internal sealed class DoorTasks
{
    private const string OpenSql = """
        insert into task (bucket, id, workspace_id, member_id, enrollment_id, contact_id, sequence_id, step_id, kind, title, note, channel, due_at, draft_subject, draft_text, status)
        values (@Bucket, @Id, @Workspace, @Member, @Enrollment, @Contact, @Sequence, @Step, @Kind, @Title, @Note, @Channel, @DueAt, @DraftSubject, @DraftText, 'open')
        """;

    private const string EndSql = """
        update task set status = @status, outcome = @outcome, ended_at = @at where bucket = @bucket and id = @task and status = 'open'
        """;

    private const string EndAllSql = """
        update task set status = 'closed', ended_at = @at
        where bucket = @bucket and enrollment_id = @enrollment and status = 'open' and (@remindersToo or kind <> 'reminder')
        """;

    private const string ReopenSql = """
        update task set status = 'open', outcome = null, ended_at = null
        where bucket = @bucket and enrollment_id = @enrollment and ended_at = @endedAt
            and (status = 'closed' and kind = 'reminder' or status in ('closed', 'withdrawn') and id = @task)
        """;

    public Task ApplyAsync(Session session, Move move, Effect effect, CancellationToken cancel)
    {
        var at = move.Signal.At;
        return effect switch
        {
            OpenTask open => OpenAsync(session, move, open.Step, open.Task, open.AsksAboutStale ? "stale" : null, cancel),
            MakeReminder reminder => OpenAsync(session, move, reminder.Step, reminder.Task, null, cancel),
            CloseTask close => session.ExecuteAsync(EndSql,
                new { bucket = move.After.Bucket, task = close.Task, status = close.Ending.WireName(), outcome = close.Outcome, at }, cancel),
            CloseTasks close => session.ExecuteAsync(EndAllSql,
                new { bucket = move.After.Bucket, enrollment = move.After.Id, at, remindersToo = close.RemindersToo }, cancel),
            ReopenTasks reopen => session.ExecuteAsync(ReopenSql,
                new { bucket = move.After.Bucket, enrollment = move.After.Id, endedAt = reopen.EndedAt, task = reopen.Task ?? default }, cancel),
            _ => throw new InvalidOperationException($"Nobody carries out {effect}."),
        };
    }

    private static Task OpenAsync(Session session, Move move, StepId stepId, TaskId task, string? kind, CancellationToken cancel)
    {
        var step = move.Case.Sequence.Find(stepId) ?? throw new InvalidOperationException($"Step {stepId} is not in version {move.Case.Sequence.Version}.");
        var run = move.After;
        return session.ExecuteAsync(OpenSql, new
        {
            run.Bucket, Id = task, run.Workspace, Member = run.User, Enrollment = run.Id, run.Contact, run.Sequence, Step = step.Id,
            Kind = kind ?? StoredName.Of(step.Kind), Title = TitleOf(step, move, kind), step.Note, step.Channel, DueAt = DueAt(move),
            DraftSubject = kind is null && step.Kind == StepKind.ManualEmail ? move.Email?.Subject ?? step.Email?.Subject : null,
            DraftText = kind is null && step.Kind == StepKind.ManualEmail ? move.Email?.Text ?? step.Email?.Text : null,
        }, cancel);
    }

    private static Instant DueAt(Move move) => move.Signal.At;

    private static string TitleOf(Step step, Move move, string? kind)
    {
        var who = move.Case.Contact.Name is { Length: > 0 } name ? name : move.Case.Contact.Email;
        if (kind is not null) return $"Step {step.Number} for {who} is late: send it still?";
        return step.Title ?? (step.Kind == StepKind.ManualEmail ? $"Write to {who}" : $"Step {step.Number} for {who}");
    }
}
