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
    public async ValueTask<Sequence> GetAsync(SequenceId id, int version, CancellationToken cancel)
    {
        if (known.TryGetValue((id, version), out var sequence)) return sequence;
        var definition = await database.ReadAsync(session => session.FirstAsync<string>(VersionSql, new { id, version }, cancel), cancel)
            ?? throw new InvalidOperationException($"Version {version} of sequence {id} was never published.");
        return known.GetOrAdd((id, version), SequenceDefinitions.ToSequence(id, version, SequenceDefinitions.Read(definition)));
    }
}
