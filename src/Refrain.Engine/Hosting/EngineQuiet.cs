using Refrain.Engine.Storage;

namespace Refrain.Engine.Hosting;

/// <summary>Tells whether the engine has something in hand, for whoever moves a clock by leaps.</summary>
public sealed class EngineQuiet(Database database, TimeProvider time)
{
    private const string BusySql = """
        select (select count(*) from enrollment where bucket in (select number from bucket) and not frozen and state = 'active' and step_next_at <= @now)
            + (select count(*) from outbound_message where bucket in (select number from bucket) and status in ('intended', 'handed'))
        """;

    /// <summary>True when no step is due and no message is under way.</summary>
    public async Task<bool> IsQuietAsync(CancellationToken cancel) =>
        await database.ReadAsync(session => session.FirstAsync<long>(BusySql, new { now = time.Now() }, cancel), cancel) == 0;
}
