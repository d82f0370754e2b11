using System.Runtime.ExceptionServices;
using MailKit.Net.Smtp;
using Refrain.Core.Sending;

namespace Refrain.Engine.Mail.Smtp;

/// <summary>How far one message has come. From <see cref="Handed"/> on DATA may have been written.</summary>
internal sealed class Transmission(Func<bool> lastCheck, SmtpDeadline deadline)
{
    public bool SenderAccepted { get; set; }

    public bool Asked { get; private set; }

    public bool Handed { get; private set; }

    /// <summary>What the last check itself threw: the caller's, not the server's.</summary>
    public ExceptionDispatchInfo? CheckFailure { get; private set; }

    /// <summary>What a reply is about that MailKit reports without saying so.</summary>
    public SmtpStage Stage => Handed ? SmtpStage.Content : SenderAccepted ? SmtpStage.Recipient : SmtpStage.MailFrom;

    /// <summary>Ends the attempt unless the caller still wants the message to go. Called at most once.</summary>
    public void AskLastCheck()
    {
        Asked = true;
        var asking = new Task<bool>(lastCheck);
        asking.RunSynchronously(TaskScheduler.Default);
        if (asking.Exception?.InnerException is { } failure)
            CheckFailure = ExceptionDispatchInfo.Capture(failure);
        Handed = asking is { IsCompletedSuccessfully: true, Result: true } && deadline.TryBeginData();
        if (!Handed)
            throw new StopRequest();
    }
}

/// <summary>MailKit answers a failed command, and thus this, with RSET, and keeps the connection.</summary>
internal sealed class StopRequest() : SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, SmtpStatusCode.ErrorInProcessing, "stopped by the last check");

/// <summary>How a transmission ended. <paramref name="Dead"/>: the connection gave up before the last check was asked, so another may be tried at once.</summary>
internal sealed record Transmitted(SendOutcome Outcome, bool Dead = false);
