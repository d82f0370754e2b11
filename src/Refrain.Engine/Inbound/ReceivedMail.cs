using System.Text;
using MimeKit;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail;
using Refrain.Engine.Mail.Inbound;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>A message that came in: what its headers say, and its verdict. No text of it is one that a database would refuse.</summary>
internal sealed record ReceivedMail(
    MessageId Id, IncomingMessage Source, string? Header, string? From, string? Subject, IReadOnlyList<string> Answers, Instant ReceivedAt, InboundVerdict Verdict)
{
    // RFC 5322 section 2.1.1: no line is longer, so no id is. An index of PostgreSQL takes 2,704 octets.
    private const int LongestId = 998;

    /// <summary>The fault of ours that kept it from being read to the end; null where nothing did.</summary>
    public Exception? Failure { get; private init; }

    /// <summary>What it gives back, if it is a report.</summary>
    public ReturnedMail Returned { get; private init; } = ReturnedMail.None;

    /// <summary>The Message-IDs that it answers or reports, the likeliest first.</summary>
    public IEnumerable<string> Mentions =>
        Clean(Verdict.OriginalMessageId) is { } reported ? Answers.Prepend(reported).Distinct(StringComparer.Ordinal) : Answers;

    /// <summary>Never throws for what a message is like: one that cannot be read is <c>other</c>, and its rule says why.</summary>
    public static ReceivedMail Read(IncomingMessage source, Instant now)
    {
        var known = Nameless(source, now, "unreadable.headers");
        try
        {
            if (source.Raw.Length == 0) return known with { Verdict = Unreadable("unreadable.empty") };
            using var raw = new MemoryStream(source.Raw, writable: false);
            using var head = MessageHead.Read(raw, Classifier.LongestMessage);
            var message = Classifier.Parse(head);
            known = known with
            {
                Header = Clean(message.MessageId), From = StorableText.Of(message.From.Mailboxes.FirstOrDefault()?.Address?.ToLowerInvariant()),
                Subject = StorableText.Of(message.Subject), Answers = AnswersOf(message), Verdict = Unreadable("unreadable.content"),
            };
            known = known with { Verdict = Storable(Classifier.Classify(message)) };
            return known with { Returned = ReturnedMail.In(message) };
        }
        catch (FormatException) when (known.Verdict.Rule == "unreadable.headers")
        {
            return known;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return known with { Failure = failure };
        }
    }

    /// <summary>Nothing but the message as it came: what is left to store where its texts, or what it means, cannot be.</summary>
    public ReceivedMail Bare(string rule) => Nameless(Source, ReceivedAt, rule) with { Id = Id };

    private static ReceivedMail Nameless(IncomingMessage source, Instant now, string rule) => new(MessageId.New(), source, null, null, null, [], now, Unreadable(rule));

    private static InboundVerdict Unreadable(string rule) => new(InboundClass.Other, rule);

    private static InboundVerdict Storable(InboundVerdict verdict) => verdict with
    {
        Rule = StorableText.Of(verdict.Rule), Status = StorableText.Of(verdict.Status), OriginalMessageId = StorableText.Of(verdict.OriginalMessageId),
        EnvelopeId = StorableText.Of(verdict.EnvelopeId), NewText = StorableText.Of(verdict.NewText), Successor = StorableText.Of(verdict.Successor),
        Recipients = [.. verdict.Recipients.Select(recipient => recipient with
        {
            Address = StorableText.Of(recipient.Address), Action = StorableText.Of(recipient.Action), Status = StorableText.Of(recipient.Status),
            Diagnostic = StorableText.Of(recipient.Diagnostic),
        })],
    };

    private static List<string> AnswersOf(MimeMessage message)
    {
        var answers = new List<string>();
        if (Clean(message.InReplyTo) is { } answered) answers.Add(answered);
        answers.AddRange(message.References.Reverse().Select(Clean).OfType<string>());
        return [.. answers.Distinct(StringComparer.Ordinal)];
    }

    private static string? Clean(string? header) =>
        StorableText.Of(header)?.Trim().Trim('<', '>') is { Length: > 0 } clean && Encoding.UTF8.GetByteCount(clean) <= LongestId ? clean : null;
}
