using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sequences;

/// <summary>Reads sequences: their drafts and where they stand.</summary>
public sealed class SequenceQueries(Database database)
{
    private const string ListSql =
        $"""
        select {SequenceRow.Columns} from sequence where workspace_id = @workspace and id > @after order by id limit @limit
        """;

    public async Task<Sequence?> FindAsync(WorkspaceId workspace, SequenceId id, CancellationToken cancel) =>
        (await database.ReadAsync(session => session.FirstAsync<SequenceRow>(SequenceRow.OneSql, new { workspace, id }, cancel), cancel))?.ToSequence();

    public async Task<Page<SequenceLine>> ListAsync(WorkspaceId workspace, Guid after, int limit, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(session => session.QueryAsync<SequenceRow>(ListSql, new { workspace, after, limit = limit + 1 }, cancel), cancel);
        return Paging.Cut(rows, limit, row => row.Id.ToString(), row => row.ToLine());
    }
}
