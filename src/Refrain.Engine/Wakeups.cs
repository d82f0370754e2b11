namespace Refrain.Engine;

/// <summary>Lets whoever commits something wake the loops that may now have work, so that none has to look often.</summary>
public sealed class Wakeups
{
    private readonly List<Action> sleepers = [];

    /// <summary>Wakes every loop; a loop without work finds that out with one probe.</summary>
    public void WakeAll()
    {
        Action[] awake;
        lock (sleepers) awake = [.. sleepers];
        foreach (var wake in awake) wake();
    }

    internal void Add(Action wake)
    {
        lock (sleepers) sleepers.Add(wake);
    }

    internal void Remove(Action wake)
    {
        lock (sleepers) sleepers.Remove(wake);
    }
}
