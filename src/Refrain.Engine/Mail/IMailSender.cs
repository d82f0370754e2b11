using Refrain.Core.Sending;

namespace Refrain.Engine.Mail;

/// <summary>The way out: SMTP, or the pretend world of the rehearsal.</summary>
public interface IMailSender
{
    /// <summary>
    /// Sends one email over a pooled connection of its mailbox. <paramref name="lastCheck"/> is called once, synchronously, after the server accepted the recipient
    /// and immediately before DATA; when it returns false nothing is handed over and the outcome is Stopped.
    /// Never throws for what a server or the network does. Cancelling ends it only before DATA, with an <see cref="OperationCanceledException"/>: nothing was handed over.
    /// Afterwards the answer is waited for.
    /// </summary>
    Task<SendOutcome> SendAsync(MailboxAccount account, OutgoingEmail email, Func<bool> lastCheck, CancellationToken cancel);

    /// <summary>Connects and signs in without sending anything. Null when that works, else the server's words.</summary>
    Task<string?> CheckAsync(MailboxAccount account, CancellationToken cancel);
}
