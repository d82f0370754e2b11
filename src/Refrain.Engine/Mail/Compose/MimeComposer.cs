using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Text;

namespace Refrain.Engine.Mail.Compose;

/// <summary>
/// The MIME form of an email. It depends on the record alone (Message-ID, date and boundary are fixed), so that the copy in the Sent folder,
/// a second attempt and the bytes that went out are the same.
/// </summary>
public static class MimeComposer
{
    public static MimeMessage Compose(OutgoingEmail email)
    {
        var message = new MimeMessage { Subject = OneLine(email.Subject), Date = email.Date.ToDateTimeOffset(), MessageId = email.MessageIdHeader };
        message.From.Add(Mailbox(email.FromName, email.FromAddress));
        message.To.Add(Mailbox(email.ToName, email.ToAddress));
        Thread(message, email.References);
        if (email is { ListUnsubscribe: true, UnsubscribeUrl: { } url })
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{OneLine(url)}>");
            message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        }
        message.Body = Body(email);
        return message;
    }

    /// <summary>What goes out, octet for octet.</summary>
    public static byte[] Octets(OutgoingEmail email)
    {
        using var stream = new MemoryStream();
        Compose(email).WriteTo(Format(email), stream);
        return stream.ToArray();
    }

    /// <summary>Lines end with CRLF. Headers are UTF-8 (RFC 6532) only where an address cannot be written otherwise.</summary>
    public static FormatOptions Format(OutgoingEmail email)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        format.International = NeedsUtf8Addresses(email);
        return format;
    }

    /// <summary>True when a local part is not ASCII: then the server must know SMTPUTF8 (RFC 6531). A domain name always has an ASCII form (RFC 5890).</summary>
    public static bool NeedsUtf8Addresses(OutgoingEmail email) =>
        !Ascii.IsValid(Envelope(email.FromAddress)) || !Ascii.IsValid(Envelope(email.ToAddress));

    /// <summary>The address as it stands in MAIL FROM and RCPT TO.</summary>
    public static string Envelope(string address) => MailboxAddress.EncodeAddrspec(address);

    private static MailboxAddress Mailbox(string name, string address) => new(Encoding.UTF8, OneLine(name), Envelope(address));

    private static void Thread(MimeMessage message, IReadOnlyList<string> references)
    {
        if (references.Count == 0)
            return;
        message.InReplyTo = references[^1];
        message.References.AddRange(references);
    }

    private static MultipartAlternative Body(OutgoingEmail email)
    {
        var text = email.Text.ReplaceLineEndings("\r\n");
        var html = email.Html?.ReplaceLineEndings("\r\n") ?? TextAsHtml.Convert(text);
        if (email is { UnsubscribeFooter: true, UnsubscribeUrl: { } url })
            (text, html) = (Footer.AddToText(text, OneLine(url)), Footer.AddToHtml(html, OneLine(url)));
        return new MultipartAlternative(Part(TextFormat.Plain, text), Part(TextFormat.Html, html)) { Boundary = Boundary(email.MessageIdHeader) };
    }

    private static TextPart Part(TextFormat format, string content)
    {
        var part = new TextPart(format);
        part.SetText(Encoding.UTF8, content);
        part.ContentTransferEncoding = part.GetBestEncoding(EncodingConstraint.SevenBit, 78);
        return part;
    }

    // "=_" stands in no quoted-printable or base64 line (RFC 2045 section 6.7), the digest in no other text.
    private static string Boundary(string messageId) => $"=_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(messageId))[..12])}";

    // A line break in a name or a subject would begin a header of somebody else's choice.
    private static string OneLine(string value) => string.Concat(value.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
}
