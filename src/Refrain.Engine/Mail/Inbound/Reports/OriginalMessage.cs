using MimeKit;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>What a report still knows of the message it is about.</summary>
internal sealed record OriginalMessage(string? MessageId, IReadOnlyList<string> Recipients, IReadOnlyList<string> Senders)
{
    public static readonly OriginalMessage Unknown = new(null, [], []);

    /// <summary>
    /// Looks into the attached message, then its attached headers, then the text behind the marker, then text files. The
    /// report's own In-Reply-To is the last resort: most reporters set none.
    /// </summary>
    public static OriginalMessage Find(IncomingMail mail, string textAfterMarker, string statusText = "")
    {
        var found = Unknown;
        foreach (var entity in mail.Parts.All)
        {
            found = found.Or(FromEntity(entity));
            if (found.MessageId is not null) return found;
        }

        // Under a wrong boundary the status part swallows the headers behind it.
        found = found.Or(FromText(textAfterMarker)).Or(FromText(statusText));
        foreach (var attached in mail.Parts.AttachedTexts())
        {
            if (found.MessageId is not null) return found;
            found = found.Or(FromText(attached));
        }

        return found.MessageId is not null ? found : found with { MessageId = MentionedId(mail) };
    }

    private OriginalMessage Or(OriginalMessage other) => new(
        MessageId ?? other.MessageId,
        Recipients.Count > 0 ? Recipients : other.Recipients,
        Senders.Count > 0 ? Senders : other.Senders);

    private static OriginalMessage FromEntity(MimeEntity entity)
    {
        if (entity is MessagePart { Message: { } embedded }) return FromHeaders(embedded.Headers);
        if (entity is MimePart part && part.ContentType.MimeType.StartsWith("text/rfc822-header", StringComparison.OrdinalIgnoreCase)) return FromText(DecodedText.Of(part, 32 * 1024));
        if (entity is MimePart { ContentType: { MediaType: "message" } type } message && !type.MediaSubtype.EndsWith("delivery-status", StringComparison.OrdinalIgnoreCase)) return FromText(DecodedText.Of(message, 32 * 1024));

        if (entity is MimePart { ContentType: { MediaType: "application", MediaSubtype: "octet-stream" } } file) return FromFile(DecodedText.Of(file, 16 * 1024));

        // Some gateways forget the blank line, so that the headers of the message become those of the part.
        return entity.Headers.Contains("Message-Id") && entity.Headers.Contains("Received") ? FromHeaders(entity.Headers) : Unknown;
    }

    // GroupWise and its like attach the message as a file of no stated kind.
    private static OriginalMessage FromFile(string content)
    {
        var firstLine = content.AsSpan()[..Math.Max(0, content.IndexOf('\n', StringComparison.Ordinal))];
        return HeaderFields.Read(firstLine) is not null && content.Contains("Message-ID:", StringComparison.OrdinalIgnoreCase) ? FromText(content) : Unknown;
    }

    private static OriginalMessage FromHeaders(HeaderList headers) => new(
        IdIn(headers[HeaderId.MessageId]),
        AddressesOf(headers, HeaderId.To, HeaderId.Cc, HeaderId.Bcc),
        AddressesOf(headers, HeaderId.From, HeaderId.Sender, HeaderId.ReturnPath, HeaderId.ReplyTo));

    private static List<string> AddressesOf(HeaderList headers, params ReadOnlySpan<HeaderId> ids)
    {
        var found = new List<string>();
        foreach (var id in ids) found.AddRange(Addresses.In(headers[id] ?? "").Select(address => address.Address));
        return found;
    }

    private static OriginalMessage FromText(string text)
    {
        if (text.Length == 0) return Unknown;
        var fields = HeaderFields.Groups(text.Length > 32 * 1024 ? text[..(32 * 1024)] : text).Take(6).SelectMany(group => group).ToList();
        return new(
            IdIn(fields.Value("Message-Id")),
            [.. Named(fields, "To", "Cc")],
            [.. Named(fields, "From", "Sender", "Return-Path", "Reply-To")]);
    }

    private static IEnumerable<string> Named(List<HeaderField> fields, params string[] names) =>
        fields.Where(field => names.Contains(field.Name, StringComparer.OrdinalIgnoreCase)).SelectMany(field => Addresses.In(field.Value)).Select(address => address.Address);

    private static string? MentionedId(IncomingMail mail)
    {
        if (MentionedMessageId.In(mail) is { } mentioned) return mentioned;
        return IdIn(mail.Header("In-Reply-To").Length > 0 ? mail.Headers("In-Reply-To").First() : null) ?? mail.Headers("References").Select(value => IdIn(value)).FirstOrDefault();
    }

    /// <summary>The first <c>&lt;id&gt;</c>, or a bare id with an at sign in angle brackets.</summary>
    public static string? IdIn(ReadOnlySpan<char> value)
    {
        var open = value.IndexOf('<');
        if (open >= 0 && value[open..].IndexOf('>') is var close and > 1)
        {
            var id = value.Slice(open, close + 1);
            return id.IndexOfAny(" \t\r\n") < 0 ? id.ToString() : null;
        }

        var bare = value.Trim();
        return bare.Length is > 2 and < 250 && bare.Contains('@') && bare.IndexOfAny(" \t\r\n") < 0 ? $"<{bare}>" : null;
    }
}
