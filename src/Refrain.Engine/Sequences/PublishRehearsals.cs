using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sequences;

/// <summary>Says what a publication would do to the open runs, before anything is written.</summary>
public sealed class PublishRehearsals(Database database, SequenceCatalog catalog, TimeProvider time)
{
    private const string GroupsSql =
        """
        select sequence_version as Version, step_id as Step, count(*) as Amount from enrollment
        where sequence_id = @id and state in ('active', 'pending', 'paused', 'paused_o3', 'failed') group by sequence_version, step_id
        """;

    private const string PageSql =
        """
        select id as Id, contact_id as Contact, state as State, sequence_version as Version, step_id as Step, step_number as Number from enrollment
        where sequence_id = @id and state in ('active', 'pending', 'paused', 'paused_o3', 'failed') and id > @after order by id limit @limit
        """;

    public Task<Answer<PublishRehearsal>> RehearseAsync(WorkspaceId workspace, SequenceId id, OpenRuns openRuns, Guid after, int limit, CancellationToken cancel) =>
        database.ReadAsync(session => RehearseAsync(session, workspace, id, openRuns, after, limit, cancel), cancel);

    private async Task<Answer<PublishRehearsal>> RehearseAsync(
        Session session, WorkspaceId workspace, SequenceId id, OpenRuns openRuns, Guid after, int limit, CancellationToken cancel)
    {
        if (await session.FirstAsync<SequenceRow>(SequenceRow.OneSql, new { workspace, id }, cancel) is not { } sequence) return new Answer<PublishRehearsal>.Missing();
        var text = SequenceDefinitions.Read(sequence.Draft);
        var problems = SequenceProblems.OfPublication(id, text, time.Now());
        if (problems.Count > 0) return new Answer<PublishRehearsal>.Wrong(problems);
        var next = sequence.Version + 1;
        if (openRuns == OpenRuns.Stay) return new PublishRehearsal(next, 0, Counted([]), [], null);
        var to = SequenceDefinitions.ToSequence(id, next, text);
        var groups = await session.QueryAsync<Row>(GroupsSql, new { id }, cancel);
        var maps = new Dictionary<int, VersionMap>();
        foreach (var version in groups.Select(group => group.Version).Distinct()) maps[version] = new(await catalog.GetAsync(session, id, version, cancel), to);
        var page = await session.QueryAsync<Row>(PageSql, new { id, after, limit = limit + 1 }, cancel);
        var shown = Paging.Cut([.. page.Where(row => maps.ContainsKey(row.Version))], limit, row => row.Id.ToString(), row => Shown(row, maps[row.Version].From(row.Step)));
        return new PublishRehearsal(next, groups.Sum(group => group.Amount), Counted(groups.Select(group => (FateOf(maps[group.Version].From(group.Step)), group.Amount))), shown.Items, shown.Next);
    }

    private static Dictionary<string, long> Counted(IEnumerable<(RunFate Fate, long Amount)> groups)
    {
        var counts = groups.GroupBy(group => group.Fate).ToDictionary(group => group.Key, group => group.Sum(one => one.Amount));
        return Enum.GetValues<RunFate>().ToDictionary(WireName.Of, fate => counts.GetValueOrDefault(fate), StringComparer.Ordinal);
    }

    private static AffectedRun Shown(Row row, MoveTarget target) => new(
        row.Id.ToString(), row.Contact.ToString(), row.State, row.Version, row.Number, FateOf(target), target.Step?.Number, target.IsMove ? null : StoredName.Of(target.Fate));

    private static RunFate FateOf(MoveTarget target) => target.Fate switch
    {
        MoveFate.KeepsStep => RunFate.KeepsStep,
        MoveFate.GoesOn => RunFate.GoesOn,
        MoveFate.Ends => RunFate.Ends,
        MoveFate.NothingSurvives or MoveFate.Reordered => RunFate.Stays,
    };

    private sealed record Row
    {
        public EnrollmentId Id { get; init; }
        public ContactId Contact { get; init; }
        public string State { get; init; } = "";
        public int Version { get; init; }
        public StepId? Step { get; init; }
        public int? Number { get; init; }
        public long Amount { get; init; }
    }
}
