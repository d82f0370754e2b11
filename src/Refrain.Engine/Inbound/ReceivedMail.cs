using MimeKit;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail;
using Refrain.Engine.Mail.Inbound;

namespace Refrain.Engine.Inbound;

/// <summary>A message that came in: what its headers say, and its verdict.</summary>
internal sealed record ReceivedMail(
    MessageId Id, IncomingMessage Source, string? Header, string? From, string? Subject, IReadOnlyList<string> Answers, Instant ReceivedAt, InboundVerdict Verdict)
{
    private static readonly InboundVerdict Unreadable = new(InboundClass.Other, "unreadable");

    /// <summary>Never throws for what a message is like: one that cannot be parsed is <c>other</c>.</summary>
    public static ReceivedMail Read(IncomingMessage source, Instant now)
    {
        try
        {
            using var stream = new MemoryStream(source.Raw, writable: false);
            var message = MimeMessage.Load(stream);
            return new(MessageId.New(), source, Clean(message.MessageId), message.From.Mailboxes.FirstOrDefault()?.Address?.ToLowerInvariant(), message.Subject,
                AnswersOf(message), now, Classifier.Classify(message));
        }
        catch (FormatException)
        {
            return new(MessageId.New(), source, null, null, null, [], now, Unreadable);
        }
    }

    /// <summary>The Message-IDs that it answers or reports, the likeliest first.</summary>
    public IEnumerable<string> Mentions =>
        Clean(Verdict.OriginalMessageId) is { } reported ? Answers.Prepend(reported).Distinct(StringComparer.Ordinal) : Answers;

    private static List<string> AnswersOf(MimeMessage message)
    {
        var answers = new List<string>();
        if (Clean(message.InReplyTo) is { } answered) answers.Add(answered);
        answers.AddRange(message.References.Reverse().Select(Clean).OfType<string>());
        return [.. answers.Distinct(StringComparer.Ordinal)];
    }

    private static string? Clean(string? header) => header?.Trim().Trim('<', '>') is { Length: > 0 } clean ? clean : null;
}
