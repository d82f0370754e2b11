using System.Net.Sockets;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Smtp;
using MailKit.Security;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Mail;

/// <summary>What a server or the network said, for people: on one line, cut, storable, and without the secret that a server may have repeated.</summary>
internal static class ServerWords
{
    private const int Longest = 500;

    /// <summary>True for what servers and networks do; false for a fault of ours.</summary>
    public static bool Explain(Exception failure) => failure is IOException or SocketException or ProtocolException or CommandException
        or ServiceNotConnectedException or ServiceNotAuthenticatedException or AuthenticationException or SslHandshakeException
        or System.Security.Authentication.AuthenticationException or NotSupportedException or FolderNotFoundException or OperationCanceledException or ObjectDisposedException;

    public static string Of(Exception failure, MailServer server) => Clean(Raw(failure, server), server);

    /// <summary>A reply of an SMTP server: <c>550 5.1.1 no such user</c>.</summary>
    public static string Of(int code, string text, MailServer server) => Clean($"{code} {text}", server);

    public static string Clean(string text, MailServer server)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (server.Secret.Length > 0)
            line = line.Replace(server.Secret, "…", StringComparison.Ordinal);
        return StorableText.Of(line.Length > Longest ? line[..Longest] : line);
    }

    private static string Raw(Exception failure, MailServer server) => failure switch
    {
        SslHandshakeException => $"TLS with {server.Host}:{server.Port} failed: {failure.GetBaseException().Message}",
        SmtpCommandException refusal => $"{(int)refusal.StatusCode} {refusal.Message}",
        ImapCommandException { ResponseText: { Length: > 0 } text } => text,
        SocketException => $"{server.Host}:{server.Port}: {failure.Message}",
        OperationCanceledException => $"{server.Host}:{server.Port} did not answer in time",
        ObjectDisposedException => $"the connection to {server.Host}:{server.Port} was closed",
        _ => failure.Message,
    };
}
