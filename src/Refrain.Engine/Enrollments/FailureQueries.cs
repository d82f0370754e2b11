using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>Reads the failure desk: what is wrong, once for each cause, with some of those whom it stops.</summary>
public sealed class FailureQueries(Database database)
{
    private const int Examples = 10;
    private const int MostRows = 2000;

    // A failure beneath a pause counts: it is met again when the pause is over.
    private const string GroupsSql =
        """
        with failed as (
            select id, sequence_id, failure_cause, failure_detail, failure_since,
                case when failure_cause in ('sender', 'mailbox_disconnected', 'user_deactivated') then mailbox_id end as mailbox_id
            from enrollment
            where workspace_id = @workspace and sequence_id in (select sequence.id from sequence where sequence.workspace_id = @workspace)
                and state in ('failed', 'paused', 'paused_o3') and failure_cause is not null),
        ranked as (
            select failed.*, count(*) over same as amount, min(failure_since) over same as first_since,
                row_number() over (partition by failure_cause, failure_detail, sequence_id, mailbox_id order by id) as place
            from failed window same as (partition by failure_cause, failure_detail, sequence_id, mailbox_id))
        select id as Id, sequence_id as Sequence, mailbox_id as Mailbox, failure_cause as Cause, failure_detail as Detail, amount as Amount, first_since as Since
        from ranked where place <= @examples order by amount desc, failure_cause, failure_detail, sequence_id, mailbox_id, id limit @most
        """;

    public async Task<FailureDesk> DeskAsync(WorkspaceId workspace, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.QueryAsync<Row>(GroupsSql, new { workspace, examples = Examples, most = MostRows }, cancel), cancel);
        return new([.. rows.GroupBy(row => (row.Cause, row.Detail, row.Sequence, row.Mailbox)).Select(group => group.First().ToGroup([.. group.Select(row => row.Id.ToString())]))]);
    }

    private sealed record Row
    {
        public EnrollmentId Id { get; init; }
        public SequenceId Sequence { get; init; }
        public MailboxId? Mailbox { get; init; }
        public string Cause { get; init; } = "";
        public string? Detail { get; init; }
        public long Amount { get; init; }
        public Instant Since { get; init; }

        public FailureGroup ToGroup(IReadOnlyList<string> examples) =>
            new(Cause, Detail, Sequence.ToString(), Mailbox?.ToString(), Amount, Since.ToDateTimeOffset(), examples);
    }
}
