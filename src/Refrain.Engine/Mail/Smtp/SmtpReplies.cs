using Refrain.Core.Sending;

namespace Refrain.Engine.Mail.Smtp;

/// <summary>What an SMTP reply answers.</summary>
internal enum SmtpStage
{
    MailFrom,
    Recipient,

    /// <summary>The DATA command.</summary>
    Data,

    /// <summary>The dot after the content.</summary>
    Content,
}

/// <summary>From the reply of a server to an outcome. A reply is definite; only its absence after DATA is unknown.</summary>
internal static class SmtpReplies
{
    public static SendOutcome Outcome(SmtpStage stage, int code, string text, MailServer server)
    {
        var words = ServerWords.Of(code, text, server);
        return (code / 100) switch
        {
            2 when stage is SmtpStage.Content => new SendOutcome.Accepted(words),
            5 => Refusal(stage, code, text, words),
            // Nothing but 4yz, 5yz and, after the dot, 2yz has a meaning here. Before the content that is a server that talks nonsense, to be asked again;
            // after it nobody knows what it did.
            not 4 when stage is SmtpStage.Content => new SendOutcome.Unknown(words),
            _ => new SendOutcome.Deferred(words),
        };
    }

    /// <summary>The answer to AUTH: 454 and the like mean that the directory is away for a moment (RFC 4954 section 6).</summary>
    public static SendOutcome SignInRefused(string answer, MailServer server)
    {
        // MailKit writes "535: 5.7.8 Error".
        var words = ServerWords.Clean(answer.Length > 3 && answer[3] == ':' ? answer.Remove(3, 1) : answer, server);
        return words.StartsWith('4') ? new SendOutcome.Deferred(words) : new SendOutcome.MailboxUnusable(words);
    }

    private static SendOutcome Refusal(SmtpStage stage, int code, string text, string words)
    {
        if (stage is not SmtpStage.Content && AsksForSignIn(code, text))
            return new SendOutcome.MailboxUnusable(words);
        return new SendOutcome.Refused(stage is SmtpStage.MailFrom ? ScopeAtMailFrom(code, text) : RefusalWords.Scope(code, text), words);
    }

    private static bool AsksForSignIn(int code, string text) =>
        code is 530 or 534 or 535 or 538 || EnhancedCode.Of(code, text) is { Subject: 7, Detail: 8 or 9 };

    // MAIL FROM names nobody but the sender: 5.1.1 is his address. Only the message's size is about the message (RFC 1870).
    private static RefusalScope ScopeAtMailFrom(int code, string text) =>
        code is 552 || EnhancedCode.Of(code, text) is { Subject: 3, Detail: 4 } ? RefusalScope.Delivery : RefusalScope.Sender;
}
