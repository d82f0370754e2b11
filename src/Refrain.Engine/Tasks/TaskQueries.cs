using System.Globalization;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Tasks;

/// <summary>Which open tasks. Null = all.</summary>
public sealed record TaskFilter(UserId? User = null, TaskKind? Kind = null, EnrollmentId? Enrollment = null);

/// <summary>The place in the queue after which a page begins.</summary>
public sealed record TaskCursor(Instant DueAt, TaskId Id)
{
    public static TaskCursor Start { get; } = new(Instant.FromUnixTimeTicks(0), default);

    public static bool TryParse(string text, out TaskCursor cursor)
    {
        cursor = Start;
        var parts = text.Split('_');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || !TaskId.TryParse(parts[1], out var id)) return false;
        if (ticks > DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) return false;
        cursor = new(Instant.FromUnixTimeTicks(ticks), id);
        return true;
    }

    public override string ToString() => $"{DueAt.ToUnixTimeTicks()}_{Id}";
}

/// <summary>Reads the queue of open tasks: what is due longest first.</summary>
public sealed class TaskQueries(Database database)
{
    private const string ListSql =
        """
        select id as Id, kind as Kind, title as Title, note as Note, channel as Channel, enrollment_id as Enrollment, contact_id as Contact, sequence_id as Sequence,
            member_id as Member, due_at as DueAt, draft_subject as DraftSubject, draft_text as DraftText
        from task where workspace_id = @workspace and status = 'open' and (due_at, id) > (@dueAt, @id)
        """;

    private const string OfUserSql = "and member_id = @user";
    private const string OfKindSql = "and kind = @kind";
    private const string OfEnrollmentSql = "and enrollment_id = @enrollment";

    public async Task<Page<TaskLine>> ListAsync(WorkspaceId workspace, TaskFilter filter, TaskCursor after, int limit, CancellationToken cancel)
    {
        var sql = string.Join(' ', ListSql, filter.User is null ? "" : OfUserSql, filter.Kind is null ? "" : OfKindSql, filter.Enrollment is null ? "" : OfEnrollmentSql,
            "order by due_at, id limit @limit");
        var rows = await database.ReadAsync(
            session => session.QueryAsync<Row>(
                sql,
                new
                {
                    workspace, dueAt = after.DueAt, id = after.Id, user = filter.User ?? default, kind = filter.Kind is { } kind ? WireName.Of(kind) : null,
                    enrollment = filter.Enrollment ?? default, limit = limit + 1,
                },
                cancel),
            cancel);
        return Paging.Cut(rows, limit, row => new TaskCursor(row.DueAt, row.Id).ToString(), row => row.ToLine());
    }

    private sealed record Row
    {
        public TaskId Id { get; init; }
        public string Kind { get; init; } = "";
        public string Title { get; init; } = "";
        public string? Note { get; init; }
        public string? Channel { get; init; }
        public EnrollmentId Enrollment { get; init; }
        public ContactId Contact { get; init; }
        public SequenceId Sequence { get; init; }
        public UserId Member { get; init; }
        public Instant DueAt { get; init; }
        public string? DraftSubject { get; init; }
        public string? DraftText { get; init; }

        public TaskLine ToLine() => new(
            Id.ToString(), WireName.Parse<TaskKind>(Kind), Title, Note, Channel, Enrollment.ToString(), Contact.ToString(), Sequence.ToString(), Member.ToString(),
            DueAt.ToDateTimeOffset(), DraftSubject is null && DraftText is null ? null : new Draft(DraftSubject ?? "", DraftText ?? ""));
    }
}
