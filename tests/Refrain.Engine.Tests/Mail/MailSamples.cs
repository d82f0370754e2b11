using NodaTime;
using Refrain.Core;
using Refrain.Core.Mailboxes;
using Refrain.Engine.Mail;

namespace Refrain.Engine.Tests.Mail;

/// <summary>Ann writes to a lead.</summary>
internal static class MailSamples
{
    public const string Secret = "the-secret";

    public static OutgoingEmail Email { get; } = new(
        "mzxw6ytboi4dqmrq@ours.test", Instant.FromUtc(2027, 1, 4, 9, 30), "Ann Öst", "ann@ours.test", "Lea Dörfler", "lead@acme.test",
        "Grüße aus München", "Hello Lea,\n\nhow are you?\n.\nAnn", null, [], null, UnsubscribeFooter: false, ListUnsubscribe: false);

    public static MailboxAccount Account(MailServer smtp, MailServer imap, int revision = 1) =>
        new(MailboxId.New(), "Ann", "ann@ours.test", smtp, imap, AllowInvalidCertificate: true, SaveToSent.Auto, revision);

    /// <summary>A mailbox whose two servers are this one, without TLS.</summary>
    public static MailboxAccount AccountAt(int port, string user = "", SignInMethod signIn = SignInMethod.Password)
    {
        var server = new MailServer("127.0.0.1", port, ConnectionSecurity.None, user, Secret, signIn);
        return Account(server, server);
    }
}
