using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>Reads the counters that are kept with the rows: no number here is counted when it is asked for.</summary>
public sealed class StatsQueries(Database database)
{
    private const string StatesSql =
        """
        select state as Name, cast(sum(amount) as bigint) as Amount from enrollment_count
        where bucket in (select number from bucket) and sequence_id = @id group by state
        """;

    private const string StepsSql =
        """
        select step_id as Step, outcome as Name, cast(sum(amount) as bigint) as Amount from step_count
        where bucket in (select number from bucket) and sequence_id = @id group by step_id, outcome
        """;

    private const string PublishedSql = "select definition from sequence_version where sequence_id = @id order by version desc limit 1";

    /// <summary>Null = no such sequence. The steps are those of the newest version, of the draft where nothing was published.</summary>
    public Task<SequenceStats?> OfSequenceAsync(WorkspaceId workspace, SequenceId id, CancellationToken cancel) => database.ReadAsync(
        async session =>
        {
            if (await session.FirstAsync<SequenceRow>(SequenceRow.OneSql, new { workspace, id }, cancel) is not { } sequence) return null;
            var states = (await session.QueryAsync<Row>(StatesSql, new { id }, cancel)).ToDictionary(row => row.Name, row => row.Amount, StringComparer.Ordinal);
            var counts = (await session.QueryAsync<Row>(StepsSql, new { id }, cancel)).ToDictionary(row => (row.Step.ToString(), row.Name), row => row.Amount);
            var text = SequenceDefinitions.Read(await session.FirstAsync<string>(PublishedSql, new { id }, cancel) ?? sequence.Draft);
            return new SequenceStats(
                EnrollmentStates.All.ToDictionary(state => state.WireName(), state => states.GetValueOrDefault(state.WireName()), StringComparer.Ordinal),
                [.. text.Steps.Select((step, index) => Step(index + 1, step.Id!, counts))]);
        },
        cancel);

    private static StepStats Step(int number, string id, Dictionary<(string Step, string Outcome), long> counts) => new(
        number, id, counts.GetValueOrDefault((id, "sent")), counts.GetValueOrDefault((id, "bounced")), counts.GetValueOrDefault((id, "replied")),
        counts.GetValueOrDefault((id, "unsubscribed")));

    private sealed record Row
    {
        public StepId Step { get; init; }
        public string Name { get; init; } = "";
        public long Amount { get; init; }
    }
}
