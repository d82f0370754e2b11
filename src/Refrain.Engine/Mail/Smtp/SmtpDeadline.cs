namespace Refrain.Engine.Mail.Smtp;

/// <summary>Until when a server may take its time, or the caller gives up. MailKit's own time-out does not reach its asynchronous calls.</summary>
internal sealed class SmtpDeadline : IDisposable
{
    private readonly SmtpLimits limits;
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource timer;
    private readonly CancellationTokenSource either;

    public SmtpDeadline(SmtpLimits limits, TimeProvider time, CancellationToken caller)
    {
        this.limits = limits;
        this.caller = caller;
        timer = new(limits.BeforeData, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(caller, timer.Token);
    }

    public CancellationToken Token => either.Token;

    public void DataBegins() => timer.CancelAfter(limits.AfterData);

    public void ThrowIfCallerCancelled() => caller.ThrowIfCancellationRequested();

    public void Dispose()
    {
        either.Dispose();
        timer.Dispose();
    }
}
