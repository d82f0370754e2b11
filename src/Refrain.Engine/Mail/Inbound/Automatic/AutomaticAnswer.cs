using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic;

/// <summary>Automatic answers that are no absence: ticket acknowledgements, challenges, and people who have left.</summary>
internal static class AutomaticAnswer
{
    private const int LongestChallenge = 3000;
    private static readonly PhraseFile File = PhraseFile.Read("automatic-answer");
    private static readonly PhraseSet Challenges = new(File["challenge"]);
    private static readonly PhraseSet Departures = new(File["departure"]);
    private static readonly PhraseSet Acknowledgements = new(File["acknowledgement"]);
    private static readonly PhraseSet Declarations = new(File["automatic"]);
    private static readonly PhraseSet Introductions = new(File["contact before a successor"]);

    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (mail.IsOfList) return null;
        var answer = AutomaticMail.Of(mail);
        var declared = SaysAutomatic(answer);
        if (IsChallenge(answer)) return new InboundVerdict(InboundClass.AutoReply, "automatic.challenge");
        if ((answer.IsMachine || declared) && Departures.IsIn(answer.Text)) return new InboundVerdict(InboundClass.AutoReply, "automatic.departure") { Successor = Successor(mail) };
        var acknowledgements = Acknowledgements.FindAll(answer.Text).Count + (Acknowledgements.IsIn(answer.SubjectLead) ? 1 : 0);
        if (acknowledgements > 0 && IsAnswer(mail, answer)) return new InboundVerdict(InboundClass.AutoReply, "automatic.acknowledgement");
        var asks = answer.Text.Contains('?', StringComparison.Ordinal);
        if (!asks && (acknowledgements > 1 || (declared && acknowledgements > 0))) return new InboundVerdict(InboundClass.AutoReply, "automatic.acknowledgement.words");
        if (declared && !asks && mail.Answers) return new InboundVerdict(InboundClass.AutoReply, "automatic.words");
        return (answer.Signs.IsAutomatic || answer.HasAutomaticSubject) && (mail.Answers || mail.Header("Auto-Submitted").StartsWith("auto-replied", StringComparison.Ordinal) || answer.HasAutomaticSubject)
            ? new InboundVerdict(InboundClass.AutoReply, "automatic.header") : null;
    }

    /// <summary>Whether the text says of itself that nobody wrote it.</summary>
    public static bool SaysAutomatic(AutomaticMail answer) => Declarations.IsIn(answer.Text);

    public static PhraseHit? Departure(string folded) => Departures.Find(folded, 0);

    public static bool IsOther(AutomaticMail answer) =>
        Acknowledgements.IsIn(answer.Text) || Acknowledgements.IsIn(answer.SubjectLead) || IsChallenge(answer);

    private static bool IsAnswer(IncomingMail mail, AutomaticMail answer) =>
        answer.Signs.IsAutomatic || answer.HasAutomaticSubject || (answer.Signs.IsBulk && mail.Answers);

    private static bool IsChallenge(AutomaticMail answer) =>
        answer.Text.Length < LongestChallenge && (Challenges.IsIn(answer.Text) || Challenges.IsIn(answer.SubjectLead));

    /// <summary>The address to write to instead: the one introduced by "contact" and its like, or the only one named.</summary>
    private static string? Successor(IncomingMail mail)
    {
        var text = mail.Reply.NewText.Length > 4000 ? mail.Reply.NewText[..4000] : mail.Reply.NewText;
        var own = mail.AddressesIn("From", "To", "Reply-To").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = Addresses.In(text).Where(found => !own.Contains(found.Address)).ToList();
        foreach (var found in named)
        {
            var before = Folding.Fold(text[Math.Max(0, found.Index - 80)..found.Index]);
            if (Introductions.IsIn(before)) return found.Address;
        }

        return named.Select(found => found.Address).Distinct(StringComparer.OrdinalIgnoreCase).Count() == 1 ? named[0].Address : null;
    }
}
