using MailKit.Net.Smtp;
using MailKit.Security;
using Refrain.Core.Sending;

namespace Refrain.Engine.Mail.Smtp;

/// <summary>A connection that is signed in, or why there is none.</summary>
internal sealed record SmtpOpening(SmtpConnection? Connection, SendOutcome? Failure)
{
    public static async Task<SmtpOpening> OpenAsync(MailboxAccount account, SmtpDeadline deadline)
    {
        var connection = new SmtpConnection(account);
        var failure = await Attempt.FailureOf(() => SignIn.OpenAsync(connection, account.Smtp, account.AllowInvalidCertificate, deadline.Token));
        if (failure is null)
            return new(connection, null);
        connection.Dispose();
        deadline.ThrowIfCallerCancelled();
        Attempt.ThrowUnlessExplained(failure);
        return new(null, Outcome(failure, account.Smtp));
    }

    private static SendOutcome Outcome(Exception failure, MailServer server)
    {
        if (failure is AuthenticationException refused)
            return SmtpReplies.SignInRefused(refused.Message, server);
        var words = ServerWords.Of(failure, server);
        return IsForGood(failure) ? new SendOutcome.MailboxUnusable(words) : new SendOutcome.Deferred(words);
    }

    // A handshake that the network broke off comes as the same exception as a wrong certificate.
    private static bool IsForGood(Exception failure) => failure switch
    {
        SslHandshakeException handshake => handshake.InnerException is System.Security.Authentication.AuthenticationException,
        NotSupportedException => true,
        SmtpCommandException reply => (int)reply.StatusCode >= 500,
        _ => false,
    };
}
