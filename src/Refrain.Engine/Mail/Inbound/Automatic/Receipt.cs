using MimeKit;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic;

/// <summary>Read receipts (RFC 8098), answers to invitations (RFC 5546), emoji reactions: signs of life that say nothing.</summary>
internal static class Receipt
{
    private const int LongestReaction = 400;
    private static readonly PhraseFile File = PhraseFile.Read("receipt");
    private static readonly PhraseSet ReceiptSubjects = new(File["read receipt subject"]);
    private static readonly PhraseSet ReceiptBodies = new(File["read receipt body"]);
    private static readonly PhraseSet AnswerSubjects = new(File["calendar answer subject"]);
    private static readonly PhraseSet Reactions = new(File["reaction"]);

    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (mail.Parts.First("message/disposition-notification") is not null) return Verdict("receipt.rfc8098", mail);
        if (mail.Header("Content-Type").Contains("disposition-notification", StringComparison.Ordinal)) return Verdict("receipt.rfc8098.damaged", mail);
        if (mail.Parts.First("text/vnd.google.email-reaction+json") is not null || mail.Has("X-MS-Reactions")) return Verdict("receipt.reaction", mail);
        if (IsCalendarAnswer(mail)) return Verdict("receipt.calendar", mail);
        if (ReceiptSubjects.Find(mail.FoldedSubject, 0) is { Index: 0 } && ReceiptBodies.IsIn(Folding.Fold(mail.Text))) return Verdict("receipt.text", mail);
        return mail.FoldedNewText.Length < LongestReaction && Reactions.IsIn(mail.FoldedNewText) ? Verdict("receipt.reaction.text", mail) : null;
    }

    private static bool IsCalendarAnswer(IncomingMail mail)
    {
        if (mail.Parts.First("text/calendar", "application/ics") is not MimePart calendar) return mail.Header("Content-Class").Contains("calendarmessage", StringComparison.Ordinal) && IsAnswerSubject(mail);
        var method = calendar.ContentType.Parameters["method"] ?? MethodIn(DecodedText.Of(calendar, 16 * 1024));
        return method is not null && (method.Equals("REPLY", StringComparison.OrdinalIgnoreCase) || method.Equals("COUNTER", StringComparison.OrdinalIgnoreCase))
            || (method is null && IsAnswerSubject(mail));
    }

    private static bool IsAnswerSubject(IncomingMail mail) => AnswerSubjects.Find(mail.FoldedSubject, 0) is { Index: 0 };

    private static string? MethodIn(string calendar)
    {
        foreach (var line in calendar.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("METHOD:", StringComparison.OrdinalIgnoreCase)) return line[7..].Trim().ToString();
        }

        return null;
    }

    private static InboundVerdict Verdict(string rule, IncomingMail mail) => new(InboundClass.Receipt, rule) { OriginalMessageId = Reports.OriginalMessage.IdIn(mail.Headers("In-Reply-To").FirstOrDefault()) };
}
