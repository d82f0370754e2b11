using Refrain.Core.Sending;

namespace Refrain.Engine.Mail.Smtp;

/// <summary>
/// What a permanent refusal is about (RFC 5321 section 4.2, RFC 3463). The code decides; the words decide where there is no code or one that says nothing.
/// In doubt it is about this delivery: to mark an address bad that is good loses a person for ever.
/// </summary>
internal static class RefusalWords
{
    private static readonly string[] Sender =
    [
        "spam", "blocked", "blacklist", "block list", "blocklist", "denylist", "reputation", "policy", "spf", "dkim", "dmarc", "relay", "unsolicited", "bulk mail",
        "sender address rejected", "sender rejected", "not allowed to send", "not authorized to send", "not permitted to send", "authentication required", "content rejected",
        "message rejected", "virus", "spamhaus", "barracuda", "proofpoint", "reverse dns", "ptr record",
    ];

    private static readonly string[] Delivery =
        ["mailbox full", "mailbox is full", "quota", "over storage", "out of storage", "insufficient storage", "too large", "message size", "exceeds", "temporar", "try again", "timed out"];

    private static readonly string[] Address =
    [
        "user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "no such address", "no mailbox here", "does not exist", "doesn't exist",
        "not exist", "unknown recipient", "recipient unknown", "unknown address", "address unknown", "unknown local", "invalid recipient", "invalid mailbox", "invalid address",
        "user not found", "recipient not found", "address not found", "mailbox not found", "mailbox unavailable", "mailbox unknown", "unknown mailbox", "unrouteable address", "bad destination",
        "recipient address rejected", "recipient rejected", "address rejected", "is disabled", "account disabled", "mailbox disabled", "account is inactive", "inactive user",
        "no longer", "not a valid", "is not valid", "no account by that name", "not our customer", "not a known user", "user doesn", "no user by that name",
    ];

    public static RefusalScope Scope(int reply, string text)
    {
        var code = EnhancedCode.Of(reply, text);
        return code switch
        {
            { Subject: 1, Detail: 1 or 2 or 3 or 6 or 10 } or { Subject: 2, Detail: 1 } => RefusalScope.Address,
            { Subject: 7 } or { Subject: 1, Detail: 7 or 8 } => RefusalScope.Sender,
            // 5.4.1 is what Exchange Online says of a recipient that its directory does not know.
            null or { Subject: 0 } or { Detail: 0 } or { Subject: 4, Detail: 1 } => ScopeByWords(text),
            _ => RefusalScope.Delivery,
        };
    }

    private static RefusalScope ScopeByWords(string text) =>
        Says(text, Sender) ? RefusalScope.Sender
        : Says(text, Delivery) ? RefusalScope.Delivery
        : Says(text, Address) ? RefusalScope.Address
        : RefusalScope.Delivery;

    private static bool Says(string text, string[] words) => words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
