using Microsoft.Extensions.Logging;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Loops;

/// <summary>Tells the other processes of a PostgreSQL database, by NOTIFY, what woke this one. Many wake-ups in a short time are told once.</summary>
internal sealed class AnnounceLoop(Database database, Nodes nodes, Wakeups wakeups, TimeProvider time, ILogger<AnnounceLoop> logger) : Loop(wakeups, time, logger)
{
    public const string Channel = "refrain";
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(20);
    private readonly HashSet<Wakeup> untold = [];
    private readonly TimeProvider time = time;
    private readonly Wakeups wakeups = wakeups;

    private const string NotifySql = $"select pg_notify('{Channel}', @text)";

    protected override Wakeup? SleepsFor => null;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (database.Kind == DatabaseKind.Postgres) wakeups.PassOn = Remember;
        return base.StartAsync(cancellationToken);
    }

    public override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        var told = Take();
        foreach (var what in told)
            await database.ReadAsync(session => session.ExecuteAsync(NotifySql, new { text = $"{nodes.Self} {what}" }, cancel), cancel);
        if (told.Length > 0) await Task.Delay(AtMostEvery, time, cancel);
        return UntilWoken;
    }

    private void Remember(Wakeup what)
    {
        lock (untold) untold.Add(what);
        Wake();
    }

    private Wakeup[] Take()
    {
        lock (untold)
        {
            Wakeup[] taken = [.. untold];
            untold.Clear();
            return taken;
        }
    }
}
