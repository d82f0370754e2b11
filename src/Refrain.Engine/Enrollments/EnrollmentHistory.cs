using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;
using Refrain.Engine.Webhooks;

namespace Refrain.Engine.Enrollments;

/// <summary>A line of the timeline. Lines are kept as long as the contact exists.</summary>
internal sealed record EnrollmentEvent(
    int Bucket, EnrollmentId Enrollment, int Ordinal, Instant At, string Signal, EnrollmentState? From, EnrollmentState To, Why Why, Actor By, MessageId? Message);

/// <summary>Writes timelines and the counters that go with them, in the transaction of the rows they tell of.</summary>
internal static class EnrollmentHistory
{
    private static readonly Table<EnrollmentEvent> Events = new("enrollment_event",
        new("bucket", ColumnType.Integer, line => line.Bucket),
        new("enrollment_id", ColumnType.Uuid, line => line.Enrollment.Value),
        new("ordinal", ColumnType.Integer, line => line.Ordinal),
        new("at", ColumnType.Instant, line => line.At),
        new("signal", ColumnType.Text, line => line.Signal),
        new("from_state", ColumnType.Text, line => line.From?.WireName()),
        new("to_state", ColumnType.Text, line => line.To.WireName()),
        new("why_code", ColumnType.Text, line => line.Why.Code),
        new("why_sentence", ColumnType.Text, line => line.Why.Sentence),
        new("why_arguments", ColumnType.Json, line => EnrollmentRow.Arguments(line.Why)),
        new("actor", ColumnType.Text, line => line.By.ToString()),
        new("message_id", ColumnType.Uuid, line => line.Message?.Value));

    private static readonly Table<(int Bucket, SequenceId Sequence, string State, long Amount)> StateCounts = new("enrollment_count",
        new("bucket", ColumnType.Integer, row => row.Bucket),
        new("sequence_id", ColumnType.Uuid, row => row.Sequence.Value),
        new("state", ColumnType.Text, row => row.State),
        new("amount", ColumnType.BigInt, row => row.Amount));

    private static readonly Table<(int Bucket, SequenceId Sequence, StepId Step, string Outcome, long Amount)> StepCounts = new("step_count",
        new("bucket", ColumnType.Integer, row => row.Bucket),
        new("sequence_id", ColumnType.Uuid, row => row.Sequence.Value),
        new("step_id", ColumnType.Uuid, row => row.Step.Value),
        new("outcome", ColumnType.Text, row => row.Outcome),
        new("amount", ColumnType.BigInt, row => row.Amount));

    public static async Task WriteAsync(Session session, IReadOnlyList<EnrollmentEvent> lines, CancellationToken cancel)
    {
        await session.InsertAsync(Events, lines, cancel);
        await WebhookNewsBook.TellAsync(session, lines, cancel);
    }

    /// <summary>Counts states: each change takes one from the state before, if there was one, and adds one to the state after.</summary>
    public static Task CountAsync(
        Session session, IEnumerable<(int Bucket, SequenceId Sequence, EnrollmentState? From, EnrollmentState To)> changes, CancellationToken cancel)
    {
        var deltas = new SortedDictionary<(int Bucket, Guid Sequence, string State), long>();
        foreach (var (bucket, sequence, from, to) in changes.Where(change => change.From != change.To))
        {
            if (from is { } before) Add((bucket, sequence.Value, before.WireName()), -1);
            Add((bucket, sequence.Value, to.WireName()), 1);
        }
        var rows = deltas.Where(delta => delta.Value != 0).Select(delta => (delta.Key.Bucket, new SequenceId(delta.Key.Sequence), delta.Key.State, delta.Value)).ToList();
        return session.InsertAsync(StateCounts, rows, cancel,
            "on conflict (bucket, sequence_id, state) do update set amount = enrollment_count.amount + excluded.amount");

        void Add((int, Guid, string) key, long amount) => deltas[key] = deltas.GetValueOrDefault(key) + amount;
    }

    /// <summary>Counts what became of steps: <c>sent</c>, <c>bounced</c>, <c>replied</c>, <c>unsubscribed</c>.</summary>
    /// <remarks><paramref name="each"/>: −1 takes back what was counted.</remarks>
    public static Task CountStepsAsync(
        Session session, IEnumerable<(int Bucket, SequenceId Sequence, StepId Step, string Outcome)> outcomes, CancellationToken cancel, int each = 1)
    {
        var rows = outcomes.GroupBy(outcome => outcome)
            .Select(group => (group.Key.Bucket, group.Key.Sequence, group.Key.Step, group.Key.Outcome, (long)group.Count() * each))
            .OrderBy(row => row.Bucket).ThenBy(row => row.Sequence.Value).ThenBy(row => row.Step.Value).ThenBy(row => row.Outcome, StringComparer.Ordinal).ToList();
        return session.InsertAsync(StepCounts, rows, cancel,
            "on conflict (bucket, sequence_id, step_id, outcome) do update set amount = step_count.amount + excluded.amount");
    }
}
