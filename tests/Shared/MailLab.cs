using System.Text.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Refrain.Testing;

/// <summary>
/// The real mail servers of the tests (tests/lab/maillab): what we send arrives, bounces, is answered. Who lives there is
/// told in docs/testing.md; <see cref="Fresh"/> makes an address that no other test uses.
/// </summary>
public sealed partial class MailLab
{
    private static readonly Lazy<MailLab> Running = new(
        () => Read(Environment.GetEnvironmentVariable("REFRAIN_TEST_LAB") is { Length: > 0 } given ? given : LabScript.Start("maillab")));

    public required string Host { get; init; }

    public required string Password { get; init; }

    public required string Folder { get; init; }

    /// <summary>Submission without TLS.</summary>
    public required int Smtp { get; init; }

    /// <summary>Submission with STARTTLS; the certificate is self-signed.</summary>
    public required int Submission { get; init; }

    /// <summary>Submission with TLS from the first byte.</summary>
    public required int Submissions { get; init; }

    /// <summary>Where the mail of all domains of the lab arrives; no password, no TLS.</summary>
    public required int Mx { get; init; }

    public required int Imap { get; init; }

    /// <summary>IMAP with TLS from the first byte.</summary>
    public required int Imaps { get; init; }

    /// <summary>Where Dovecot asks about XOAUTH2 tokens (RFC 7662); a test may listen there.</summary>
    public required int Introspection { get; init; }

    public static MailLab Current => Running.Value;

    /// <summary>
    /// An address of its own: <c>Fresh("lead")</c>, <c>Fresh("away")</c>, <c>Fresh("sender", "ours.test")</c>.
    /// The prefix decides how the lab treats it.
    /// </summary>
    public static string Fresh(string prefix, string domain = "acme.test") => $"{prefix}-{Guid.CreateVersion7().ToString("n")[^12..]}@{domain}";

    public static string FreshSender() => Fresh("sender", "ours.test");

    /// <summary>Sends through the provider, with a password, as a mail program does.</summary>
    public async Task SendAsync(MimeMessage message, string user, CancellationToken cancel = default)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync(Host, Smtp, SecureSocketOptions.None, cancel);
        await client.AuthenticateAsync(user, Password, cancel);
        await client.SendAsync(message, cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }

    /// <summary>Brings a message straight to the recipient's server, as a stranger's server does; no header is touched.</summary>
    public async Task DeliverAsync(MimeMessage message, string from, string to, CancellationToken cancel = default)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync(Host, Mx, SecureSocketOptions.None, cancel);
        await client.SendAsync(message, MailboxAddress.Parse(from), [MailboxAddress.Parse(to)], cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }

    /// <summary>Has Dovecot answer for this user with a Sieve script (RFC 5228, RFC 5230).</summary>
    public Task UseSieveAsync(string user, string script, CancellationToken cancel = default) =>
        File.WriteAllTextAsync(Path.Combine(Folder, "dovecot", "sieve", $"{user}.sieve"), script, cancel);

    private static MailLab Read(string file) => JsonSerializer.Deserialize<MailLab>(File.ReadAllText(file), JsonSerializerOptions.Web)!;
}
