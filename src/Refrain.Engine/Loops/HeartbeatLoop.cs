using Microsoft.Extensions.Logging;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Loops;

/// <summary>
/// Says that this process lives, and sees when others come and go. A loop of its own, so that no slow work of another can make it look dead.
/// On SQLite the lock of the folder says that there is no other, and once is enough.
/// </summary>
internal sealed class HeartbeatLoop(Database database, Nodes nodes, Wakeups wakeups, TimeProvider time, ILogger<HeartbeatLoop> logger) : Loop(wakeups, time, logger)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private readonly Wakeups wakeups = wakeups;

    protected override Wakeup? SleepsFor => null;

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        if (await nodes.BeatAsync(cancel))
        {
            wakeups.WakeHere(Wakeup.Doubt);
            wakeups.WakeHere(Wakeup.Mailboxes);
        }
        return database.Kind == DatabaseKind.Postgres ? Rest : UntilWoken;
    }
}
