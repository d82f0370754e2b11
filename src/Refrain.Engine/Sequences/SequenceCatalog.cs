using System.Collections.Concurrent;
using Refrain.Core;
using Refrain.Core.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sequences;

/// <summary>The published versions. They never change, so each is read once and kept.</summary>
public sealed class SequenceCatalog(Database database)
{
    // Small texts; a workspace with a thousand sequences of ten versions keeps some ten megabytes.
    private readonly ConcurrentDictionary<(SequenceId Id, int Version), Sequence> known = new();

    private const string VersionSql = "select definition from sequence_version where sequence_id = @id and version = @version";

    /// <summary>Throws for a version that was never published: enrollments name no other.</summary>
    public async ValueTask<Sequence> GetAsync(SequenceId id, int version, CancellationToken cancel) =>
        known.TryGetValue((id, version), out var sequence) ? sequence : await database.ReadAsync(session => LoadAsync(session, id, version, cancel), cancel);

    /// <summary>The same, over a connection that is open already: whoever holds one in a transaction must not wait for another.</summary>
    internal async ValueTask<Sequence> GetAsync(Session session, SequenceId id, int version, CancellationToken cancel) =>
        known.TryGetValue((id, version), out var sequence) ? sequence : await LoadAsync(session, id, version, cancel);

    private async Task<Sequence> LoadAsync(Session session, SequenceId id, int version, CancellationToken cancel)
    {
        var definition = await session.FirstAsync<string>(VersionSql, new { id, version }, cancel)
            ?? throw new InvalidOperationException($"Version {version} of sequence {id} was never published.");
        return known.GetOrAdd((id, version), SequenceDefinitions.ToSequence(id, version, SequenceDefinitions.Read(definition)));
    }
}
