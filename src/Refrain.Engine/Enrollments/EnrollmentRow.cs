using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>An enrollment as its table has it. The column next_at is the queue's: a claim moves it on by its lease; the time that people see is read off the layers.</summary>
internal sealed class EnrollmentRow
{
    public const string Columns = """
        bucket as Bucket, id as Id, workspace_id as Workspace, member_id as Member, sequence_id as Sequence, sequence_version as SequenceVersion, contact_id as Contact,
        mailbox_id as Mailbox, state as State, rejected as Rejected, phase as Phase, step_id as Step, delay_ends as DelayEnds, step_next_at as StepNextAt,
        remaining as Remaining, attempts as Attempts, cap_name as CapName, cap_used as CapUsed, cap_limit as CapLimit, release_at as ReleaseAt, task_id as Task, due_at as DueAt, approved as Approved,
        pause_since as PauseSince, pause_until as PauseUntil, absence_since as AbsenceSince, absence_until as AbsenceUntil, absence_dated as AbsenceDated,
        failure_cause as FailureCause, failure_detail as FailureDetail, failure_since as FailureSince, emails_sent as EmailsSent,
        why_code as WhyCode, why_sentence as WhySentence, why_arguments as WhyArguments, since as Since, enrolled_at as EnrolledAt, revision as Revision
        """;

    public int Bucket { get; init; }
    public EnrollmentId Id { get; init; }
    public WorkspaceId Workspace { get; init; }
    public UserId Member { get; init; }
    public SequenceId Sequence { get; init; }
    public int SequenceVersion { get; init; }
    public ContactId Contact { get; init; }
    public MailboxId? Mailbox { get; init; }
    public string State { get; init; } = "";
    public bool Rejected { get; init; }
    public string Phase { get; init; } = "";
    public StepId? Step { get; init; }
    public Instant? DelayEnds { get; init; }
    public Instant? StepNextAt { get; init; }
    public long? Remaining { get; init; }
    public int Attempts { get; init; }
    public string? CapName { get; init; }
    public int CapUsed { get; init; }
    public int CapLimit { get; init; }
    public Instant? ReleaseAt { get; init; }
    public TaskId? Task { get; init; }
    public Instant? DueAt { get; init; }
    public bool Approved { get; init; }
    public Instant? PauseSince { get; init; }
    public Instant? PauseUntil { get; init; }
    public Instant? AbsenceSince { get; init; }
    public Instant? AbsenceUntil { get; init; }
    public bool AbsenceDated { get; init; }
    public string? FailureCause { get; init; }
    public string? FailureDetail { get; init; }
    public Instant? FailureSince { get; init; }
    public int EmailsSent { get; init; }
    public string WhyCode { get; init; } = "";
    public string WhySentence { get; init; } = "";
    public string WhyArguments { get; init; } = "{}";
    public Instant Since { get; init; }
    public Instant EnrolledAt { get; init; }
    public int Revision { get; init; }

    /// <summary>The two that only lists read: the place of the step, and whether the whole sequence is paused.</summary>
    public int? StepNumber { get; init; }
    public bool Frozen { get; init; }

    public Enrollment ToEnrollment()
    {
        var state = EnrollmentStates.FromWireName(State);
        return new()
        {
            Id = Id, Workspace = Workspace, Bucket = Bucket, User = Member, Sequence = Sequence, SequenceVersion = SequenceVersion, Contact = Contact, Mailbox = Mailbox,
            Verdict = state.IsOpen() ? null : state,
            Rejected = Rejected,
            Pause = PauseSince is { } paused ? new(paused, PauseUntil) : null,
            Absence = AbsenceSince is { } away ? new(away, AbsenceUntil, AbsenceDated) : null,
            Failure = FailureSince is { } failed ? new(StoredName.Parse<FailureCause>(FailureCause!), FailureDetail, failed) : null,
            Position = new(StoredName.Parse<Phase>(Phase), Step, DelayEnds, StepNextAt, Remaining is { } ticks ? Duration.FromTicks(ticks) : null, Attempts,
                CapName is null ? null : new(CapName, CapUsed, CapLimit, ReleaseAt), Task, DueAt, Approved),
            EmailsSent = EmailsSent, Why = new(WhyCode, WhySentence, Arguments(WhyArguments)), Since = Since, EnrolledAt = EnrolledAt, Revision = Revision,
        };
    }

    internal static ImmutableSortedDictionary<string, string> Arguments(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.ToImmutableSortedDictionary(StringComparer.Ordinal);

    internal static string Arguments(Why why) => why.Arguments.Count == 0 ? "{}" : JsonSerializer.Serialize(why.Arguments);
}
