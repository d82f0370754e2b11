using System.Globalization;
using System.Text;
using Refrain.Engine.Mail;

namespace Refrain.Server.Demo;

/// <summary>What the people and servers of the pretend world write back: real RFC 5322 text, read by the real reader.</summary>
internal static class PretendMail
{
    public static byte[] Answer(Character from, OutgoingEmail email, string text, DateTimeOffset at) =>
        Octets($"""
            From: {from.FirstName} <{from.Email}>
            To: <{email.FromAddress}>
            Subject: Re: {email.Subject}
            Date: {Rfc(at)}
            Message-ID: <{Guid.CreateVersion7():N}@{Domain(from)}>
            In-Reply-To: <{email.MessageIdHeader}>
            References: <{email.MessageIdHeader}>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8

            {text}
            """);

    public static byte[] Vacation(Character from, OutgoingEmail email, DateTimeOffset back, DateTimeOffset at) =>
        Octets($"""
            From: {from.FirstName} <{from.Email}>
            To: <{email.FromAddress}>
            Subject: Automatic reply: {email.Subject}
            Date: {Rfc(at)}
            Message-ID: <{Guid.CreateVersion7():N}@{Domain(from)}>
            In-Reply-To: <{email.MessageIdHeader}>
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8

            I am out of the office and will be back on {back.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}.
            """);

    /// <summary>A delivery report (RFC 3464).</summary>
    public static byte[] MailboxFull(Character from, OutgoingEmail email, DateTimeOffset at) =>
        Octets($"""
            From: Mail Delivery System <mailer-daemon@{Domain(from)}>
            To: <{email.FromAddress}>
            Subject: Undelivered Mail Returned to Sender
            Date: {Rfc(at)}
            Message-ID: <{Guid.CreateVersion7():N}@{Domain(from)}>
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="=report"

            --=report
            Content-Type: text/plain; charset=us-ascii

            Your message could not be delivered: the mailbox is full.

            --=report
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.{Domain(from)}

            Final-Recipient: rfc822; {from.Email}
            Action: failed
            Status: 5.2.2
            Diagnostic-Code: smtp; 552 5.2.2 The mailbox is full

            --=report
            Content-Type: text/rfc822-headers

            From: <{email.FromAddress}>
            To: <{from.Email}>
            Subject: {email.Subject}
            Message-ID: <{email.MessageIdHeader}>

            --=report--
            """);

    private static string Rfc(DateTimeOffset at) => at.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);

    private static string Domain(Character from) => from.Email[(from.Email.IndexOf('@', StringComparison.Ordinal) + 1)..];

    private static byte[] Octets(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n") + "\r\n");
}
