using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>An enrollment to be written, with the place of its step, which the table keeps for reading.</summary>
internal sealed record StoredEnrollment(Enrollment Enrollment, int? StepNumber)
{
    public static StoredEnrollment Of(Enrollment enrollment, Sequence sequence) =>
        new(enrollment, enrollment.Position.Step is { } step ? sequence.Find(step)?.Number : null);
}

/// <summary>The columns of the table enrollment that a transition writes.</summary>
internal static class EnrollmentTable
{
    private static readonly Column<StoredEnrollment>[] Keys =
    [
        new("bucket", ColumnType.Integer, row => row.Enrollment.Bucket, IsKey: true),
        new("id", ColumnType.Uuid, row => row.Enrollment.Id.Value, IsKey: true),
    ];

    private static readonly Column<StoredEnrollment>[] Fixed =
    [
        new("workspace_id", ColumnType.Uuid, row => row.Enrollment.Workspace.Value),
        new("member_id", ColumnType.Uuid, row => row.Enrollment.User.Value),
        new("sequence_id", ColumnType.Uuid, row => row.Enrollment.Sequence.Value),
        new("contact_id", ColumnType.Uuid, row => row.Enrollment.Contact.Value),
        new("mailbox_id", ColumnType.Uuid, row => row.Enrollment.Mailbox?.Value),
        new("rejected", ColumnType.Boolean, row => row.Enrollment.Rejected),
        new("enrolled_at", ColumnType.Instant, row => row.Enrollment.EnrolledAt),
    ];

    private static readonly Column<StoredEnrollment>[] Changing =
    [
        new("sequence_version", ColumnType.Integer, row => row.Enrollment.SequenceVersion),
        new("state", ColumnType.Text, row => row.Enrollment.State.WireName()),
        new("next_at", ColumnType.Instant, row => row.Enrollment.NextAt),
        new("waits_for", ColumnType.Text, row => row.Enrollment.WaitsFor is { } wait ? StoredName.Of(wait) : null),
        new("phase", ColumnType.Text, row => StoredName.Of(row.Enrollment.Position.Phase)),
        new("step_id", ColumnType.Uuid, row => row.Enrollment.Position.Step?.Value),
        new("step_number", ColumnType.Integer, row => row.StepNumber),
        new("delay_ends", ColumnType.Instant, row => row.Enrollment.Position.DelayEnds),
        new("step_next_at", ColumnType.Instant, row => row.Enrollment.Position.NextAt),
        new("remaining", ColumnType.BigInt, row => (long?)row.Enrollment.Position.Remaining?.BclCompatibleTicks),
        new("attempts", ColumnType.Integer, row => row.Enrollment.Position.Attempts),
        new("cap_name", ColumnType.Text, row => row.Enrollment.Position.Cap?.Name),
        new("cap_used", ColumnType.Integer, row => row.Enrollment.Position.Cap?.Used),
        new("cap_limit", ColumnType.Integer, row => row.Enrollment.Position.Cap?.Limit),
        new("release_at", ColumnType.Instant, row => row.Enrollment.Position.Cap?.ReleaseAt),
        new("task_id", ColumnType.Uuid, row => row.Enrollment.Position.Task?.Value),
        new("due_at", ColumnType.Instant, row => row.Enrollment.Position.DueAt),
        new("approved", ColumnType.Boolean, row => row.Enrollment.Position.Approved),
        new("pause_since", ColumnType.Instant, row => row.Enrollment.Pause?.Since),
        new("pause_until", ColumnType.Instant, row => row.Enrollment.Pause?.Until),
        new("absence_since", ColumnType.Instant, row => row.Enrollment.Absence?.Since),
        new("absence_until", ColumnType.Instant, row => row.Enrollment.Absence?.Until),
        new("absence_dated", ColumnType.Boolean, row => row.Enrollment.Absence?.Dated ?? false),
        new("failure_cause", ColumnType.Text, row => row.Enrollment.Failure is { } failure ? StoredName.Of(failure.Cause) : null),
        new("failure_detail", ColumnType.Text, row => row.Enrollment.Failure?.Detail),
        new("failure_since", ColumnType.Instant, row => row.Enrollment.Failure?.Since),
        new("emails_sent", ColumnType.Integer, row => row.Enrollment.EmailsSent),
        new("why_code", ColumnType.Text, row => row.Enrollment.Why.Code),
        new("why_sentence", ColumnType.Text, row => row.Enrollment.Why.Sentence),
        new("why_arguments", ColumnType.Json, row => EnrollmentRow.Arguments(row.Enrollment.Why)),
        new("since", ColumnType.Instant, row => row.Enrollment.Since),
        new("revision", ColumnType.Integer, row => row.Enrollment.Revision),
    ];

    public static readonly Table<StoredEnrollment> Insert = new("enrollment", [.. Keys, .. Fixed, .. Changing]);

    public static readonly Table<StoredEnrollment> Update = new("enrollment", [.. Keys, .. Changing]);

    /// <summary>The version check: whoever wrote in between wins, and the batch fails whole.</summary>
    public static string RevisionIsTheOneRead(DatabaseKind database) => database switch
    {
        DatabaseKind.Postgres => "and target.revision = given.revision - 1",
        DatabaseKind.Sqlite => $"and target.revision = @p{Keys.Length + Array.FindIndex(Changing, column => column.Name == "revision")} - 1",
    };
}
