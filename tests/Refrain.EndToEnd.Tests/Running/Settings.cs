using Refrain.Contracts;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>What the stories set up: mailboxes in the lab, and short sequences.</summary>
internal static class Settings
{
    public static Delay Now { get; } = new(0, DelayUnit.Minutes);

    public static Delay Tomorrow { get; } = new(1, DelayUnit.Days);

    /// <summary>A mailbox of the lab's provider: submission with STARTTLS, IMAP with TLS, both with a certificate that nobody signed.</summary>
    public static MailboxSettings Mailbox(string? address = null, string? password = null)
    {
        var lab = MailLab.Current;
        var user = address ?? MailLab.FreshSender();
        return new("Ann Sender", user,
            new(lab.Host, lab.Submission, ConnectionSecurity.StartTls, user, password ?? lab.Password),
            new(lab.Host, lab.Imaps, ConnectionSecurity.Tls, user, password ?? lab.Password),
            AllowInvalidCertificate: true);
    }

    public static SequenceStep Email(string subject, Delay? after = null) =>
        new() { Kind = StepKind.Email, Delay = after ?? Now, Subject = subject, Text = $"Hello,\n\nthis is {subject}.\n\nAnn" };

    public static SequenceText Sequence(params IReadOnlyList<SequenceStep> steps) => new() { Name = "Intro", Steps = steps };
}
