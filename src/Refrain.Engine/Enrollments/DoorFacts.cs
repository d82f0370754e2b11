using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Engine.Access;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>One enrollment with all that was loaded beside it.</summary>
internal sealed record DoorCase(
    Enrollment Enrollment, Sequence Sequence, DoorContact Contact, IReadOnlyList<DoorMessage> Messages, EnrollmentId? BlockedBy, Schedule? OwnerHours)
{
    public Facts Facts => new(
        ContactSchedules.Of(Sequence, Contact.TimeZone, OwnerHours), Intent, LatestSent?.Step, BlockedBy is null, Fate, BlockedBy,
        LatestSent is { Status: "accepted" } standing ? standing.Id : null, EmailAddress.TryParse(Contact.Email, out var address) ? address : null);

    /// <summary>The newest message of a step, whatever became of it.</summary>
    public DoorMessage? NewestOf(StepId step) => Messages.Where(message => message.Step == step).MaxBy(message => message.Incarnation);

    /// <summary>The accepted messages, oldest first.</summary>
    public IEnumerable<DoorMessage> Sent => Messages.Where(message => message.Status is "accepted" or "bounced").OrderBy(message => message.OutcomeAt).ThenBy(message => message.IntendedAt);

    /// <summary>False while a message of an earlier step has no outcome yet.</summary>
    public bool PredecessorSettled => !Messages.Any(message => message.Step != Enrollment.Position.Step && message.Status is "intended" or "handed");

    private DoorMessage? LatestSent => Sent.LastOrDefault();

    private MessageFate Fate => (Enrollment.Position.Step is { } step ? NewestOf(step)?.Status : null) switch
    {
        null => MessageFate.None,
        "intended" or "handed" => MessageFate.Open,
        "accepted" => MessageFate.Accepted,
        "unknown" => MessageFate.Unknown,
        "refused" or "bounced" => MessageFate.Refused,
        _ => MessageFate.Again,
    };

    private IntentStage Intent => Enrollment.Position.Step is { } step && NewestOf(step) is { } message
        ? message.Status switch { "intended" => IntentStage.Intended, "handed" => IntentStage.Handed, _ => IntentStage.None }
        : IntentStage.None;
}

/// <summary>Loads the facts of a batch in a handful of statements, the rows of the enrollments locked.</summary>
internal sealed class DoorFacts(SequenceCatalog sequences)
{
    public async Task<Dictionary<EnrollmentId, DoorCase>> LoadAsync(Session session, WorkspaceId? workspace, IReadOnlyList<Knock> knocks, CancellationToken cancel)
    {
        var rows = new List<EnrollmentRow>(knocks.Count);
        foreach (var group in knocks.GroupBy(knock => knock.Bucket).OrderBy(group => group.Key))
            rows.AddRange(await LoadRowsAsync(session, workspace, group.Key, group.Select(knock => knock.Enrollment.Value), cancel));
        var contacts = (await LoadContactsAsync(session, rows, cancel)).ToDictionary(contact => contact.Id);
        var messages = (await LoadMessagesAsync(session, rows, cancel)).ToLookup(message => message.Enrollment);
        var versions = new Dictionary<EnrollmentId, Sequence>(rows.Count);
        foreach (var row in rows) versions[row.Id] = await sequences.GetAsync(session, row.Sequence, row.SequenceVersion, cancel);
        var hours = await OwnerHours.LoadAsync(session, rows.Where(row => versions[row.Id].Settings.OwnerHours).Select(row => row.Member), cancel);
        var cases = new Dictionary<EnrollmentId, DoorCase>(rows.Count);
        foreach (var row in rows)
        {
            var enrollment = row.ToEnrollment();
            var blockedBy = MayReopen(enrollment) ? await BlockingRunAsync(session, enrollment, cancel) : null;
            cases[row.Id] = new(enrollment, versions[row.Id], contacts[row.Contact], [.. messages[row.Id]], blockedBy, hours.GetValueOrDefault(row.Member));
        }
        return cases;
    }

    /// <summary>The open run beside which this one may not be open; null when there is none.</summary>
    public async Task<EnrollmentId?> BlockingRunAsync(Session session, Enrollment closed, CancellationToken cancel)
    {
        const string OpenRunsSql = """
            select id as Id, sequence_id as Sequence, sequence_version as Version from enrollment
            where contact_id = @contact and id <> @id and state in ('active', 'pending', 'paused', 'paused_o3', 'failed')
            """;
        var open = await session.QueryAsync<OpenVersion>(OpenRunsSql, new { contact = closed.Contact, id = closed.Id }, cancel);
        var own = await sequences.GetAsync(session, closed.Sequence, closed.SequenceVersion, cancel);
        foreach (var run in open)
        {
            if (run.Sequence == closed.Sequence && own.Settings.Readd != ReaddRule.Any) return run.Id;
            var other = await sequences.GetAsync(session, run.Sequence, run.Version, cancel);
            if (run.Sequence != closed.Sequence && (own.Settings.OneAtATime || other.Settings.OneAtATime)) return run.Id;
        }
        return null;
    }

    /// <summary>A later fact or a correction may open such a run again.</summary>
    private static bool MayReopen(Enrollment run) => !run.Rejected && run.State is EnrollmentState.Finished or EnrollmentState.FinishedNoReply
        or EnrollmentState.FinishedReplied or EnrollmentState.FinishedBounced or EnrollmentState.Unsubscribed;

    private static Task<IReadOnlyList<EnrollmentRow>> LoadRowsAsync(
        Session session, WorkspaceId? workspace, int? bucket, IEnumerable<Guid> ids, CancellationToken cancel)
    {
        var sql = $"""
            select {EnrollmentRow.Columns} from enrollment
            where {(bucket is null ? "bucket in (select number from bucket)" : "bucket = @bucket")} and {session.Dialect.In("id", "@ids")}
                {(workspace is null ? "" : "and workspace_id = @workspace")}
            order by bucket, id {session.Dialect.ForUpdate}
            """;
        return session.QueryAsync<EnrollmentRow>(sql, new { bucket, ids = session.Dialect.List(ids), workspace }, cancel);
    }

    private static Task<IReadOnlyList<DoorContact>> LoadContactsAsync(Session session, List<EnrollmentRow> rows, CancellationToken cancel) =>
        session.QueryAsync<DoorContact>(
            $"select {DoorContact.Columns} from contact where {session.Dialect.In("id", "@ids")}",
            new { ids = session.Dialect.List(rows.Select(row => row.Contact.Value).Distinct()) }, cancel);

    private static async Task<IReadOnlyList<DoorMessage>> LoadMessagesAsync(Session session, List<EnrollmentRow> rows, CancellationToken cancel)
    {
        var sql = $"select {DoorMessage.Columns} from outbound_message where bucket = @bucket and {session.Dialect.In("enrollment_id", "@ids")}";
        var all = new List<DoorMessage>();
        foreach (var group in rows.GroupBy(row => row.Bucket))
            all.AddRange(await session.QueryAsync<DoorMessage>(sql, new { bucket = group.Key, ids = session.Dialect.List(group.Select(row => row.Id.Value)) }, cancel));
        return all;
    }

    private sealed class OpenVersion
    {
        public EnrollmentId Id { get; init; }
        public SequenceId Sequence { get; init; }
        public int Version { get; init; }
    }
}
