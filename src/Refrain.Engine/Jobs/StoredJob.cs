using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Jobs;

/// <summary>A job as its table has it.</summary>
internal sealed record StoredJob
{
    public const string Columns =
        """
        id as Id, workspace_id as Workspace, member_id as Member, kind as Kind, sequence_id as Sequence, sequence_version as SequenceVersion, mailbox_id as Mailbox,
        start_at_step as StartAtStep, total as Total, done as Done, refused as Refused, epoch as Epoch, created_at as CreatedAt, finished_at as FinishedAt
        """;

    public JobId Id { get; init; }
    public WorkspaceId Workspace { get; init; }
    public UserId Member { get; init; }
    public string Kind { get; init; } = "";
    public SequenceId Sequence { get; init; }
    public int? SequenceVersion { get; init; }
    public MailboxId? Mailbox { get; init; }
    public int? StartAtStep { get; init; }
    public int Total { get; init; }
    public int Done { get; init; }
    public int Refused { get; init; }
    public long Epoch { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant? FinishedAt { get; init; }

    public Actor By => Actor.User(Member);

    public Job ToJob(IReadOnlyDictionary<string, int> byState) => new(
        Id.ToString(), StoredName.Parse<JobKind>(Kind), FinishedAt is null ? JobState.Running : JobState.Finished, Sequence.ToString(), Total, Done, Refused, byState,
        CreatedAt.ToDateTimeOffset(), FinishedAt?.ToDateTimeOffset());
}

/// <summary>A row of a job and what became of it.</summary>
internal sealed record StoredJobRow
{
    public const string Columns =
        """
        ordinal as Ordinal, status as Status, contact_id as Contact, email as Email, enrollment_id as Enrollment, state as State, code as Code, message as Message
        """;

    public int Ordinal { get; init; }
    public string Status { get; init; } = "left";
    public ContactId? Contact { get; init; }
    public string? Email { get; init; }
    public EnrollmentId? Enrollment { get; init; }
    public string? State { get; init; }
    public string? Code { get; init; }
    public string? Message { get; init; }

    public StoredJobRow Done(EnrollmentId enrollment, EnrollmentState state) => this with { Status = "done", Enrollment = enrollment, State = state.WireName() };

    public StoredJobRow Refuse(string code, string message) => this with { Status = "refused", Code = code, Message = message };

    public JobRow ToRow() => new(
        Ordinal, StoredName.Parse<JobRowStatus>(Status), Contact?.ToString(), Email, Enrollment?.ToString(), State, Code, Message);
}
