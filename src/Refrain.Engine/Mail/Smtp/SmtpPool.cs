namespace Refrain.Engine.Mail.Smtp;

/// <summary>The connections of one mailbox: so many at once, and those that rest between two messages.</summary>
internal sealed class SmtpPool(SmtpLimits limits, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim room = new(limits.Connections);
    private readonly Lock access = new();
    private readonly Stack<SmtpConnection> resting = new();
    private bool closed;

    public Task EnterAsync(CancellationToken cancel) => room.WaitAsync(cancel);

    public void Leave() => room.Release();

    /// <summary>A connection that rested and still answers, or null. Those of older settings are closed on the way.</summary>
    public async Task<SmtpConnection?> TakeAsync(int revision, SmtpDeadline deadline)
    {
        while (Pop() is { } connection)
        {
            if (connection.Revision == revision && await AnswersAsync(connection, deadline))
                return connection;
            connection.Dispose();
            deadline.ThrowIfCallerCancelled();
        }
        return null;
    }

    /// <summary>Keeps the connection for the next message, or closes it when it has served its time.</summary>
    public void Return(SmtpConnection connection)
    {
        connection.RestingSince = time.GetTimestamp();
        lock (access)
        {
            if (!closed && connection.IsConnected && connection.Messages < limits.MessagesPerConnection)
            {
                resting.Push(connection);
                return;
            }
        }
        connection.Dispose();
    }

    /// <summary>Closes what has rested too long.</summary>
    public void Sweep()
    {
        foreach (var connection in PopAll(connection => time.GetElapsedTime(connection.RestingSince) >= limits.CloseAfter))
            connection.Dispose();
    }

    public void Dispose()
    {
        lock (access)
            closed = true;
        foreach (var connection in PopAll(_ => true))
            connection.Dispose();
        room.Dispose();
    }

    private async Task<bool> AnswersAsync(SmtpConnection connection, SmtpDeadline deadline) =>
        time.GetElapsedTime(connection.RestingSince) < limits.AskAfter || await Attempt.FailureOf(() => connection.NoOpAsync(deadline.Token)) is null;

    private SmtpConnection? Pop()
    {
        lock (access)
            return resting.TryPop(out var connection) ? connection : null;
    }

    private List<SmtpConnection> PopAll(Func<SmtpConnection, bool> wanted)
    {
        lock (access)
        {
            var (taken, kept) = (resting.Where(wanted).ToList(), resting.Where(connection => !wanted(connection)).Reverse().ToList());
            resting.Clear();
            kept.ForEach(resting.Push);
            return taken;
        }
    }
}
