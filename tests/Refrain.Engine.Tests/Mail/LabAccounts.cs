using Refrain.Engine.Mail;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Mail;

/// <summary>Mailboxes in the lab.</summary>
internal static class LabAccounts
{
    /// <summary>Submission with STARTTLS and IMAP with TLS, as providers want it.</summary>
    public static MailboxAccount For(string user)
    {
        var lab = MailLab.Current;
        return MailSamples.Account(
            new(lab.Host, lab.Submission, ConnectionSecurity.StartTls, user, lab.Password),
            new(lab.Host, lab.Imaps, ConnectionSecurity.Tls, user, lab.Password)) with { Address = user };
    }
}
