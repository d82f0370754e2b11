using Refrain.Core;
using Refrain.Core.Mailboxes;

namespace Refrain.Engine.Mail;

/// <summary>How a connection is secured.</summary>
public enum ConnectionSecurity
{
    StartTls,
    Tls,
    None,
}

/// <summary>How a mailbox signs in.</summary>
public enum SignInMethod
{
    /// <summary>SASL PLAIN or LOGIN, whichever the server offers.</summary>
    Password,

    /// <summary>SASL XOAUTH2 or OAUTHBEARER; the secret is an access token.</summary>
    OAuth2,
}

/// <summary>One server of a mailbox. The secret is in the clear here and nowhere else: never logged, never returned.</summary>
public sealed record MailServer(string Host, int Port, ConnectionSecurity Security, string User, string Secret, SignInMethod SignIn = SignInMethod.Password)
{
    public override string ToString() => $"{Host}:{Port} ({Security}) as {User}";
}

/// <summary>All that the two ports need to know of a mailbox. <paramref name="Revision"/> changes when its settings do: open connections are then closed.</summary>
public sealed record MailboxAccount(
    MailboxId Id, string Name, string Address, MailServer Smtp, MailServer Imap, bool AllowInvalidCertificate, SaveToSent SaveToSent, int Revision);
