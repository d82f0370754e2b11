namespace Refrain.Engine;

/// <summary>What a loop sleeps for.</summary>
internal enum Wakeup
{
    /// <summary>Something may be due or ready to be sent.</summary>
    Work,

    /// <summary>A mailbox was added, changed or deleted, or another process came or went: who reads which may change.</summary>
    Mailboxes,

    /// <summary>A message may have been left without an outcome.</summary>
    Doubt,
}

/// <summary>Ends the rest of loops: of this process at once, of others through <see cref="Loops.AnnounceLoop"/>.</summary>
public sealed class Wakeups
{
    private readonly List<(Wakeup What, Action Wake)> sleepers = [];

    /// <summary>Set by whoever passes wake-ups on to other processes.</summary>
    internal Action<Wakeup>? PassOn { get; set; }

    /// <summary>Wakes every loop that looks for work; one that finds none has cost one probe.</summary>
    public void WakeAll() => Wake(Wakeup.Work);

    internal void Wake(Wakeup what)
    {
        WakeHere(what);
        PassOn?.Invoke(what);
    }

    /// <summary>Wakes this process only.</summary>
    internal void WakeHere(Wakeup what)
    {
        Action[] awake;
        lock (sleepers) awake = [.. sleepers.Where(sleeper => sleeper.What == what).Select(sleeper => sleeper.Wake)];
        foreach (var wake in awake) wake();
    }

    internal void Add(Wakeup what, Action wake)
    {
        lock (sleepers) sleepers.Add((what, wake));
    }

    internal void Remove(Action wake)
    {
        lock (sleepers) sleepers.RemoveAll(sleeper => sleeper.Wake == wake);
    }
}
