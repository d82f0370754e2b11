using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>Opens and ends the tasks of runs, inside the door's transaction: a batch in a few statements.</summary>
internal sealed class DoorTasks
{
    private static readonly Table<OpenedTask> Opened = new("task",
        new("bucket", ColumnType.Integer, row => row.Run.Bucket),
        new("id", ColumnType.Uuid, row => row.Id.Value),
        new("workspace_id", ColumnType.Uuid, row => row.Run.Workspace.Value),
        new("member_id", ColumnType.Uuid, row => row.Run.User.Value),
        new("enrollment_id", ColumnType.Uuid, row => row.Run.Id.Value),
        new("contact_id", ColumnType.Uuid, row => row.Run.Contact.Value),
        new("sequence_id", ColumnType.Uuid, row => row.Run.Sequence.Value),
        new("step_id", ColumnType.Uuid, row => row.Step.Id.Value),
        new("kind", ColumnType.Text, row => row.Kind),
        new("title", ColumnType.Text, row => row.Title),
        new("note", ColumnType.Text, row => row.Step.Note),
        new("channel", ColumnType.Text, row => row.Step.Channel),
        new("due_at", ColumnType.Instant, row => row.DueAt),
        new("draft_subject", ColumnType.Text, row => row.DraftSubject),
        new("draft_text", ColumnType.Text, row => row.DraftText),
        new("status", ColumnType.Text, _ => "open"));

    private static readonly Table<(int Bucket, CloseTask Effect, Instant At)> Ended = new("task",
        new("bucket", ColumnType.Integer, row => row.Bucket, IsKey: true),
        new("id", ColumnType.Uuid, row => row.Effect.Task.Value, IsKey: true),
        new("status", ColumnType.Text, row => row.Effect.Ending.WireName()),
        new("outcome", ColumnType.Text, row => row.Effect.Outcome),
        new("ended_at", ColumnType.Instant, row => row.At));

    private const string EndAllSql = """
        update task set status = 'closed', ended_at = @at where bucket = @bucket and status = 'open' and (@remindersToo or kind <> 'reminder') and
        """;

    private const string ReopenSql = """
        update task set status = 'open', outcome = null, ended_at = null
        where bucket = @bucket and enrollment_id = @enrollment and ended_at = @endedAt
            and (status = 'closed' and kind = 'reminder' or status in ('closed', 'withdrawn') and id = @task)
        """;

    public async Task ApplyAsync(Session session, IReadOnlyList<(Move Move, Effect Effect)> effects, CancellationToken cancel)
    {
        var ended = effects.Where(one => one.Effect is CloseTask).Select(one => (one.Move.After.Bucket, (CloseTask)one.Effect, one.Move.Signal.At));
        await session.UpdateAsync(Ended, [.. ended], cancel, "and target.status = 'open'");
        foreach (var group in effects.Where(one => one.Effect is CloseTasks)
            .GroupBy(one => (bucket: one.Move.After.Bucket, at: one.Move.Signal.At, remindersToo: ((CloseTasks)one.Effect).RemindersToo)))
            await session.ExecuteAsync($"{EndAllSql} {session.Dialect.In("enrollment_id", "@runs")}",
                new { group.Key.bucket, group.Key.at, group.Key.remindersToo, runs = session.Dialect.List(group.Select(one => one.Move.After.Id.Value)) }, cancel);
        foreach (var (move, effect) in effects)
            if (effect is ReopenTasks reopen)
                await session.ExecuteAsync(ReopenSql, new { bucket = move.After.Bucket, enrollment = move.After.Id, endedAt = reopen.EndedAt, task = reopen.Task ?? default }, cancel);
        await session.InsertAsync(Opened, [.. effects.Select(one => OpenedBy(one.Move, one.Effect)).OfType<OpenedTask>()], cancel);
    }

    private static OpenedTask? OpenedBy(Move move, Effect effect) => effect switch
    {
        OpenTask open => OpenedTask.Of(move, open.Step, open.Task, open.AsksAboutStale ? "stale" : null),
        MakeReminder reminder => OpenedTask.Of(move, reminder.Step, reminder.Task, null),
        CloseTask or CloseTasks or ReopenTasks => null,
        _ => throw new InvalidOperationException($"Nobody carries out {effect}."),
    };

    private sealed record OpenedTask(
        Enrollment Run, Step Step, TaskId Id, string Kind, string Title, Instant DueAt, string? DraftSubject, string? DraftText)
    {
        public static OpenedTask Of(Move move, StepId stepId, TaskId task, string? kind)
        {
            var step = move.Case.Sequence.Find(stepId) ?? throw new InvalidOperationException($"Step {stepId} is not in version {move.Case.Sequence.Version}.");
            var isDraft = kind is null && step.Kind == StepKind.ManualEmail;
            return new(move.After, step, task, kind ?? StoredName.Of(step.Kind), TitleOf(step, move, kind), move.Signal.At,
                isDraft ? move.Email?.Subject ?? step.Email?.Subject : null, isDraft ? move.Email?.Text ?? step.Email?.Text : null);
        }

        private static string TitleOf(Step step, Move move, string? kind)
        {
            var who = move.Case.Contact.Name is { Length: > 0 } name ? name : move.Case.Contact.Email;
            if (kind is not null) return $"Step {step.Number} for {who} is late: send it still?";
            return step.Title ?? (step.Kind == StepKind.ManualEmail ? $"Write to {who}" : $"Step {step.Number} for {who}");
        }
    }
}
