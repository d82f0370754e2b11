using MailKit;
using MailKit.Net.Smtp;
using MimeKit;
using Refrain.Core.Sending;
using Refrain.Engine.Mail.Compose;

namespace Refrain.Engine.Mail.Smtp;

/// <summary>
/// One SMTP connection, one message after another. It knows whether DATA may have begun: from the last check's yes on, since nothing is said between that
/// and the command.
/// </summary>
internal sealed class SmtpConnection(MailboxAccount account) : SmtpClient
{
    private Transmission current = null!;

    public int Revision => account.Revision;

    public int Messages { get; private set; }

    /// <summary>When it was last used, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long RestingSince { get; set; }

    public async Task<Transmitted> TransmitAsync(OutgoingEmail email, Func<bool> lastCheck, SmtpDeadline deadline)
    {
        if (MimeComposer.NeedsUtf8Addresses(email) && !Capabilities.HasFlag(SmtpCapabilities.UTF8))
            return new(new SendOutcome.Refused(RefusalScope.Delivery, "the server takes no address with letters outside ASCII (SMTPUTF8, RFC 6531)"));
        current = new(lastCheck, deadline);
        Messages++;
        using var message = MimeComposer.Compose(email);
        var (answer, failure) = await Attempt.Of(
            () => SendAsync(MimeComposer.Format(email), message, Address(email.FromAddress), [Address(email.ToAddress)], deadline.Token));
        current.CheckFailure?.Throw();
        if (failure is null)
            return new(new SendOutcome.Accepted(ServerWords.Of((int)SmtpStatusCode.Ok, answer!, account.Smtp)));
        if (FromReply(failure) is { } answered)
            return answered;
        if (current.Handed)
            return new(new SendOutcome.Unknown(ServerWords.Of(failure, account.Smtp)));
        deadline.ThrowIfCallerCancelled();
        Attempt.ThrowUnlessExplained(failure);
        return new(new SendOutcome.Deferred(ServerWords.Of(failure, account.Smtp)), Dead: true);
    }

    // The composer has fixed the octets; what stands here in MailKit would choose the encodings by the server's capabilities.
    protected override void Prepare(FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength) =>
        options.International = options.International && Capabilities.HasFlag(SmtpCapabilities.UTF8);

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => current.SenderAccepted = true;

    /// <summary>With one recipient its answer is the last that is read, pipelined or not, and the next octets that are written are DATA.</summary>
    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
    {
        // A pipelined RCPT may be accepted though MAIL was refused; no DATA follows.
        if (current.SenderAccepted)
            current.AskLastCheck();
    }

    private static MailboxAddress Address(string address) => new("", MimeComposer.Envelope(address));

    /// <summary>Null when the server did not reply: the failure is the connection's.</summary>
    private Transmitted? FromReply(Exception failure) => failure switch
    {
        StopRequest => new(new SendOutcome.Stopped()),
        SmtpCommandException reply => new(
            SmtpReplies.Outcome(Stage(reply.ErrorCode), (int)reply.StatusCode, reply.Message, account.Smtp),
            // What a server says that has closed a resting connection in the meantime.
            Dead: reply is { StatusCode: SmtpStatusCode.ServiceNotAvailable } && !current.SenderAccepted),
        ServiceNotAuthenticatedException => new(SmtpReplies.Outcome(current.Stage, 530, failure.Message, account.Smtp)),
        _ => null,
    };

    private static SmtpStage Stage(SmtpErrorCode code) => code switch
    {
        SmtpErrorCode.SenderNotAccepted => SmtpStage.MailFrom,
        SmtpErrorCode.RecipientNotAccepted => SmtpStage.Recipient,
        SmtpErrorCode.UnexpectedStatusCode => SmtpStage.Data,
        SmtpErrorCode.MessageNotAccepted => SmtpStage.Content,
    };
}
