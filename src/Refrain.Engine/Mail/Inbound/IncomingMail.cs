using MimeKit;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound;

/// <summary>What the rules ask about one message. Everything dear is worked out at first use and kept.</summary>
internal sealed class IncomingMail
{
    private readonly MimeMessage message;
    private readonly Lazy<MailParts> parts;
    private readonly Lazy<string> subject;
    private readonly Lazy<string> text;
    private readonly Lazy<string> foldedSubject;
    private readonly Lazy<ReplyText> reply;
    private readonly Lazy<string> foldedNewText;
    private readonly Lazy<string> requestText;

    public IncomingMail(MimeMessage message)
    {
        this.message = message;
        parts = new(() => MailParts.Of(message.Body));
        subject = new(() => message.Subject ?? "");
        text = new(() => parts.Value.ReadableText());
        foldedSubject = new(() => Folding.Fold(Subject.Length > 1000 ? Subject[..1000] : Subject));
        reply = new(() => ReplyText.Split(Text));
        foldedNewText = new(() => Folding.Fold(reply.Value.NewText));
        requestText = new(() => Replies.RequestText.Of(reply.Value.NewText));
    }

    public MailParts Parts => parts.Value;

    public string Subject => subject.Value;

    public string FoldedSubject => foldedSubject.Value;

    /// <summary>The readable text of the whole message, quotation included.</summary>
    public string Text => text.Value;

    public ReplyText Reply => reply.Value;

    /// <summary>The words of this writer only, folded.</summary>
    public string FoldedNewText => foldedNewText.Value;

    /// <summary>The same without greeting, closing and accents: what may be a request to get no more mail.</summary>
    public string RequestText => requestText.Value;

    /// <summary>When it was written; a year in which nobody writes mail is none, and no arithmetic overflows.</summary>
    public DateTimeOffset? Date => message.Headers.Contains(HeaderId.Date) && message.Date.Year is >= 1990 and <= 2150 ? message.Date : null;

    public bool Answers => Has("In-Reply-To") || Has("References");

    /// <summary>Sent to many, and no answer to anything.</summary>
    public bool IsOfList => !Answers && (Has("List-Unsubscribe") || Has("List-Id"));

    public bool Has(string header) => message.Headers.Contains(header);

    /// <summary>The value of the first such header, lower case, without comments or parameters; empty where there is none.</summary>
    public string Header(string name)
    {
        var value = message.Headers[name];
        if (value is null) return "";
        if (value.Length > 2000) value = value[..2000];
        return value.Trim().ToLowerInvariant();
    }

    public IEnumerable<string> Headers(string name)
    {
        foreach (var header in message.Headers)
        {
            if (header.Field.Equals(name, StringComparison.OrdinalIgnoreCase)) yield return header.Value;
        }
    }

    public IEnumerable<string> AddressesIn(params ReadOnlySpan<string> headers)
    {
        var found = new List<string>();
        foreach (var name in headers)
        {
            foreach (var value in Headers(name)) found.AddRange(Addresses.In(value, dottedOnly: false).Select(address => address.Address));
        }

        return found;
    }
}
