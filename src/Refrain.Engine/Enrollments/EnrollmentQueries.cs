using System.Globalization;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;
using Wire = Refrain.Contracts;

namespace Refrain.Engine.Enrollments;

/// <summary>Which enrollments. Null = all. <paramref name="Failed"/>: only those that are failed, also beneath a hold.</summary>
public sealed record EnrollmentListFilter(SequenceId? Sequence = null, EnrollmentState? State = null, ContactId? Contact = null, FailureCause? Cause = null,
    string? Detail = null, MailboxId? Mailbox = null, bool Failed = false);

/// <summary>The place in the list after which a page begins. The list is in the order of its index: sequence, state, age.</summary>
public sealed record EnrollmentCursor(SequenceId Sequence, string State, EnrollmentId Id)
{
    public static EnrollmentCursor Start { get; } = new(default, "", default);

    public static bool TryParse(string text, out EnrollmentCursor cursor)
    {
        cursor = Start;
        var parts = text.Split('.');
        if (parts.Length != 3 || !SequenceId.TryParse(parts[0], out var sequence) || !EnrollmentStates.TryParse(parts[1], out _) || !EnrollmentId.TryParse(parts[2], out var id)) return false;
        cursor = new(sequence, parts[1], id);
        return true;
    }

    public override string ToString() => $"{Sequence}.{State}.{Id}";
}

/// <summary>Reads enrollments and their timelines.</summary>
public sealed class EnrollmentQueries(Database database)
{
    private const string SelectSql =
        $"""
        select {EnrollmentRow.Columns}, step_number as StepNumber, frozen as Frozen from enrollment
        """;

    private const string OneSql = $"{SelectSql} where workspace_id = @workspace and bucket in (select number from bucket) and id = @id";

    private const string ListSql =
        $"""
        {SelectSql} where workspace_id = @workspace and sequence_id in (select sequence.id from sequence where sequence.workspace_id = @workspace)
            and (sequence_id, state, id) > (@afterSequence, @afterState, @afterId)
        """;

    private const string OfSequenceSql = "and sequence_id = @sequence";
    private const string OfStateSql = "and state = @state";
    private const string OfContactSql = "and contact_id = @contact";
    private const string FailedSql = "and failure_cause is not null and state in ('failed', 'paused', 'paused_o3')";
    private const string OfCauseSql = $"{FailedSql} and failure_cause = @cause";

    private const string OfDetailSql = "and failure_detail = @detail";
    private const string OfMailboxSql = "and mailbox_id = @mailbox";

    private const string EventsSql =
        """
        select ordinal as Ordinal, at as At, signal as Signal, from_state as FromState, to_state as ToState, why_sentence as Why, why_code as WhyCode,
            actor as Actor, message_id as Message
        from enrollment_event where bucket = @bucket and enrollment_id = @id and ordinal > @after order by ordinal limit @limit
        """;

    public async Task<Wire.Enrollment?> FindAsync(WorkspaceId workspace, EnrollmentId id, CancellationToken cancel) =>
        await RowAsync(workspace, id, cancel) is { } row ? Shown(row) : null;

    public async Task<Page<Wire.Enrollment>> ListAsync(WorkspaceId workspace, EnrollmentListFilter filter, EnrollmentCursor after, int limit, CancellationToken cancel)
    {
        var rows = await RowsAsync(workspace, filter, after, limit + 1, cancel);
        return Paging.Cut(rows, limit, CursorOf, Shown);
    }

    /// <summary>The ids of a filter, a batch at a time; null = no more.</summary>
    internal async Task<(IReadOnlyList<EnrollmentId> Ids, EnrollmentCursor? Next)> IdsAsync(
        WorkspaceId workspace, EnrollmentListFilter filter, EnrollmentCursor after, int limit, CancellationToken cancel)
    {
        var rows = await RowsAsync(workspace, filter, after, limit, cancel);
        return ([.. rows.Select(row => row.Id)], rows.Count < limit ? null : new(rows[^1].Sequence, rows[^1].State, rows[^1].Id));
    }

    /// <summary>Null = no such enrollment.</summary>
    public async Task<Page<Wire.EnrollmentEvent>?> EventsAsync(WorkspaceId workspace, EnrollmentId id, int after, int limit, CancellationToken cancel)
    {
        if (await RowAsync(workspace, id, cancel) is not { } enrollment) return null;
        var rows = await database.ReadAsync(
            session => session.QueryAsync<EventRow>(EventsSql, new { bucket = enrollment.Bucket, id, after, limit = limit + 1 }, cancel), cancel);
        return Paging.Cut(rows, limit, row => row.Ordinal.ToString(CultureInfo.InvariantCulture), row => row.ToEvent());
    }

    private Task<EnrollmentRow?> RowAsync(WorkspaceId workspace, EnrollmentId id, CancellationToken cancel) =>
        database.ReadAsync(session => session.FirstAsync<EnrollmentRow>(OneSql, new { workspace, id }, cancel), cancel);

    private Task<IReadOnlyList<EnrollmentRow>> RowsAsync(WorkspaceId workspace, EnrollmentListFilter filter, EnrollmentCursor after, int limit, CancellationToken cancel)
    {
        var sql = string.Join(' ', ListSql, filter.Sequence is null ? "" : OfSequenceSql, filter.State is null ? "" : OfStateSql,
            filter.Contact is null ? "" : OfContactSql, filter.Cause is null ? "" : OfCauseSql,
            filter.Detail is null ? "" : OfDetailSql, filter.Mailbox is null ? "" : OfMailboxSql,
            filter.Failed ? FailedSql : "", "order by sequence_id, state, id limit @limit");
        var parameters = new
        {
            workspace, sequence = filter.Sequence ?? default, state = filter.State?.WireName(), contact = filter.Contact ?? default,
            cause = filter.Cause is { } cause ? Failure.WireName(cause) : null,
            detail = filter.Detail, mailbox = filter.Mailbox ?? default, afterSequence = after.Sequence, afterState = after.State, afterId = after.Id, limit,
        };
        return database.ReadAsync(session => session.QueryAsync<EnrollmentRow>(sql, parameters, cancel), cancel);
    }

    private static string CursorOf(EnrollmentRow row) => new EnrollmentCursor(row.Sequence, row.State, row.Id).ToString();

    private static Wire.Enrollment Shown(EnrollmentRow row)
    {
        var run = row.ToEnrollment();
        var frozen = row.Frozen && run.IsOpen;
        return new(
            run.Id.ToString(), run.State.WireName(), run.Why.Sentence, run.Why.Code, run.Contact.ToString(), run.Sequence.ToString(), run.SequenceVersion,
            run.Mailbox?.ToString(), run.User.ToString(), row.StepNumber, frozen ? null : run.NextAt?.ToDateTimeOffset(),
            frozen ? Wait.Resume.WireName() : run.WaitsFor?.WireName(), run.Rejected, run.Since.ToDateTimeOffset(), run.EnrolledAt.ToDateTimeOffset(), run.EmailsSent);
    }

    private sealed record EventRow
    {
        public int Ordinal { get; init; }
        public Instant At { get; init; }
        public string Signal { get; init; } = "";
        public string? FromState { get; init; }
        public string ToState { get; init; } = "";
        public string Why { get; init; } = "";
        public string WhyCode { get; init; } = "";
        public string Actor { get; init; } = "";
        public MessageId? Message { get; init; }

        public Wire.EnrollmentEvent ToEvent() => new(At.ToDateTimeOffset(), Signal, FromState, ToState, Why, WhyCode, Actor, Message?.ToString());
    }
}
