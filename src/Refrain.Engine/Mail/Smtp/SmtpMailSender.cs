using System.Collections.Concurrent;
using Refrain.Core;
using Refrain.Core.Sending;

namespace Refrain.Engine.Mail.Smtp;

/// <summary>
/// Sends over SMTP. Each mailbox has a few connections of its own that are used again; one that died while it rested is replaced without anybody noticing,
/// as long as the last check has not been asked.
/// </summary>
public sealed class SmtpMailSender : IMailSender, IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly SmtpLimits limits;
    private readonly ConcurrentDictionary<MailboxId, SmtpPool> pools = new();
    private readonly ITimer sweeper;

    public SmtpMailSender(TimeProvider time, SmtpLimits? limits = null)
    {
        this.time = time;
        this.limits = limits ?? new();
        sweeper = time.CreateTimer(_ => Sweep(), null, this.limits.CloseAfter, this.limits.CloseAfter);
    }

    public async Task<SendOutcome> SendAsync(MailboxAccount account, OutgoingEmail email, Func<bool> lastCheck, CancellationToken cancel)
    {
        var pool = pools.GetOrAdd(account.Id, _ => new(limits, time));
        await pool.EnterAsync(cancel);
        try
        {
            using var deadline = new SmtpDeadline(limits, time, cancel);
            if (await pool.TakeAsync(account.Revision, deadline) is { } rested
                && await TransmitAsync(pool, rested, email, lastCheck, deadline) is { Dead: false } transmitted)
                return transmitted.Outcome;
            var opening = await SmtpOpening.OpenAsync(account, deadline);
            return opening.Connection is { } fresh ? (await TransmitAsync(pool, fresh, email, lastCheck, deadline)).Outcome : opening.Failure!;
        }
        finally
        {
            pool.Leave();
        }
    }

    public async Task<string?> CheckAsync(MailboxAccount account, CancellationToken cancel)
    {
        using var deadline = new SmtpDeadline(limits, time, cancel);
        var opening = await SmtpOpening.OpenAsync(account, deadline);
        if (opening.Connection is { } connection)
        {
            using (connection)
                await connection.DisconnectAsync(quit: true, deadline.Token);
            return null;
        }
        return opening.Failure switch
        {
            SendOutcome.Deferred deferred => deferred.Answer,
            SendOutcome.MailboxUnusable unusable => unusable.Answer,
            _ => throw new InvalidOperationException($"A connection cannot end as {opening.Failure}."),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await sweeper.DisposeAsync();
        foreach (var pool in pools.Values)
            pool.Dispose();
    }

    private static async Task<Transmitted> TransmitAsync(SmtpPool pool, SmtpConnection connection, OutgoingEmail email, Func<bool> lastCheck, SmtpDeadline deadline)
    {
        try
        {
            return await connection.TransmitAsync(email, lastCheck, deadline);
        }
        finally
        {
            pool.Return(connection);
        }
    }

    private void Sweep()
    {
        foreach (var pool in pools.Values)
            pool.Sweep();
    }
}
