using System.Net;
using System.Net.Security;
using System.Text;
using MailKit;
using MailKit.Security;

namespace Refrain.Engine.Mail;

/// <summary>Opens a connection of either protocol and signs in.</summary>
internal static class SignIn
{
    /// <summary>Throws what MailKit throws. An empty user name: the server takes mail without signing in.</summary>
    public static async Task OpenAsync(IMailService client, MailServer server, bool allowInvalidCertificate, CancellationToken cancel)
    {
        // A list of revoked certificates would be fetched from a third host, which a server behind a firewall cannot reach.
        client.CheckCertificateRevocation = false;
        client.ServerCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None || allowInvalidCertificate;
        await client.ConnectAsync(server.Host, server.Port, Security(server.Security), cancel);
        if (server.User.Length == 0 || client.IsAuthenticated)
            return;
        if (Mechanism(server, client.AuthenticationMechanisms) is { } mechanism)
            await client.AuthenticateAsync(mechanism, cancel);
        else
            await client.AuthenticateAsync(Encoding.UTF8, new NetworkCredential(server.User, server.Secret), cancel);
    }

    private static SecureSocketOptions Security(ConnectionSecurity security) => security switch
    {
        ConnectionSecurity.StartTls => SecureSocketOptions.StartTls,
        ConnectionSecurity.Tls => SecureSocketOptions.SslOnConnect,
        ConnectionSecurity.None => SecureSocketOptions.None,
    };

    /// <summary>Null: the server offers neither PLAIN nor LOGIN; then the best that it does offer is taken, or the LOGIN command of IMAP.</summary>
    private static SaslMechanism? Mechanism(MailServer server, HashSet<string> offered) => server.SignIn switch
    {
        SignInMethod.OAuth2 => offered.Contains("OAUTHBEARER")
            ? new SaslMechanismOAuthBearer(server.User, server.Secret)
            : new SaslMechanismOAuth2(server.User, server.Secret),
        SignInMethod.Password => offered.Contains("PLAIN") ? new SaslMechanismPlain(Encoding.UTF8, server.User, server.Secret)
            : offered.Contains("LOGIN") ? new SaslMechanismLogin(Encoding.UTF8, server.User, server.Secret)
            : null,
    };
}
