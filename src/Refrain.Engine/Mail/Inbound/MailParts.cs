using System.Text;
using MimeKit;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound;

/// <summary>
/// The parts of a message by what they are good for. The walk never enters an embedded message and is bounded in depth and
/// count, so that a hostile structure costs no more than an honest one.
/// </summary>
internal sealed class MailParts
{
    public const int DeepestNesting = 32;
    public const int MostParts = 400;
    private readonly List<(MimePart Part, bool Alternative)> texts = [];
    private readonly List<MimePart> attachedTexts = [];
    private readonly List<MimeEntity> all = [];
    private string looseText = "";

    /// <summary>Set where the structure was deeper or wider than the walk goes.</summary>
    public string? Excess { get; private set; }

    public IReadOnlyList<MimeEntity> All => all;

    public static MailParts Of(MimeEntity? body)
    {
        var parts = new MailParts();
        if (body is not null) parts.Walk(body, 0, alternative: false);
        return parts;
    }

    public MimeEntity? First(params ReadOnlySpan<string> types)
    {
        foreach (var entity in all)
        {
            foreach (var type in types)
            {
                if (entity.ContentType.MimeType.Equals(type, StringComparison.OrdinalIgnoreCase)) return entity;
            }
        }

        return null;
    }

    public string ReadableText()
    {
        // Under a wrong boundary all parts are one stretch of text before the first.
        var text = new StringBuilder(looseText.Length > DecodedText.LongestText ? looseText[..DecodedText.LongestText] : looseText);
        foreach (var (part, alternative) in Chosen())
        {
            if (text.Length >= DecodedText.LongestText) break;
            var decoded = DecodedText.Of(part, DecodedText.LongestText);
            text.Append(IsHtml(part) ? HtmlText.From(decoded) : decoded).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Text that came as a file: where some gateways put the headers of the message they report.</summary>
    public IEnumerable<string> AttachedTexts() => attachedTexts.Take(4).Select(part => DecodedText.Of(part, 16 * 1024));

    // Of alternatives the plain one counts, unless it is empty.
    private IEnumerable<(MimePart Part, bool Alternative)> Chosen()
    {
        var plainHasWords = texts.Exists(text => text.Alternative && !IsHtml(text.Part) && DecodedText.Of(text.Part, 4096).AsSpan().Trim().Length > 0);
        return texts.Where(text => !text.Alternative || IsHtml(text.Part) != plainHasWords);
    }

    private static bool IsHtml(MimePart part) => part.ContentType.IsMimeType("text", "html");

    private void Walk(MimeEntity entity, int depth, bool alternative)
    {
        if (depth > DeepestNesting || all.Count >= MostParts)
        {
            Excess = depth > DeepestNesting ? "nesting" : "parts";
            return;
        }

        all.Add(entity);
        if (entity is Multipart multipart)
        {
            var inside = alternative || multipart.ContentType.IsMimeType("multipart", "alternative");
            foreach (var child in multipart) Walk(child, depth + 1, inside);
            if (multipart.Count == 0 && multipart.Preamble is { Length: > 0 } preamble) looseText = preamble;
        }
        else if (entity is MimePart part && (part is TextPart || part.ContentType.MediaType.Equals("text", StringComparison.OrdinalIgnoreCase)))
        {
            Sort(part, alternative);
        }
    }

    private void Sort(MimePart part, bool alternative)
    {
        var subtype = part.ContentType.MediaSubtype;
        if (part.IsAttachment || part.ContentDisposition?.FileName is not null) attachedTexts.Add(part);
        else if (subtype.Equals("plain", StringComparison.OrdinalIgnoreCase) || IsHtml(part)) texts.Add((part, alternative));
    }
}
