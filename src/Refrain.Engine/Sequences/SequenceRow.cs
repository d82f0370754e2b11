using NodaTime;
using Refrain.Contracts;
using Refrain.Core;

namespace Refrain.Engine.Sequences;

/// <summary>A sequence as its table has it.</summary>
internal sealed record SequenceRow
{
    public const string Columns =
        """
        id as Id, name as Name, version as Version, draft as Draft, draft_revision as Revision, paused_at as PausedAt, created_at as CreatedAt
        """;

    public const string OneSql =
        $"""
        select {Columns} from sequence where workspace_id = @workspace and id = @id
        """;

    public SequenceId Id { get; init; }
    public string Name { get; init; } = "";
    public int Version { get; init; }
    public string Draft { get; init; } = "";
    public int Revision { get; init; }
    public Instant? PausedAt { get; init; }
    public Instant CreatedAt { get; init; }

    public Sequence ToSequence()
    {
        var text = SequenceDefinitions.Read(Draft);
        return new()
        {
            Id = Id.ToString(), Name = text.Name, Settings = text.Settings, Steps = text.Steps, Version = Version, Revision = Revision,
            PausedAt = PausedAt?.ToDateTimeOffset(), CreatedAt = CreatedAt.ToDateTimeOffset(),
        };
    }

    public SequenceLine ToLine() => new(Id.ToString(), Name, Version, Revision, PausedAt?.ToDateTimeOffset(), CreatedAt.ToDateTimeOffset());
}
