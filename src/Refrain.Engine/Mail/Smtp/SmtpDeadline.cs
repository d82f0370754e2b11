namespace Refrain.Engine.Mail.Smtp;

/// <summary>Until when a server may take its time; the caller may give up before DATA, and not after it. MailKit's own time-out does not reach its asynchronous calls.</summary>
internal sealed class SmtpDeadline : IDisposable
{
    private readonly SmtpLimits limits;
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource timer;
    private readonly CancellationTokenRegistration givingUp;

    public SmtpDeadline(SmtpLimits limits, TimeProvider time, CancellationToken caller)
    {
        this.limits = limits;
        this.caller = caller;
        timer = new(limits.BeforeData, time);
        givingUp = caller.Register(timer.Cancel);
    }

    public CancellationToken Token => timer.Token;

    /// <summary>From here on the caller waits for the answer. False when he, or the time, came first.</summary>
    public bool TryBeginData()
    {
        givingUp.Dispose();
        if (timer.IsCancellationRequested) return false;
        timer.CancelAfter(limits.AfterData);
        return true;
    }

    public void ThrowIfCallerCancelled() => caller.ThrowIfCancellationRequested();

    public void Dispose()
    {
        givingUp.Dispose();
        timer.Dispose();
    }
}
