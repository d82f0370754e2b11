using Refrain.Core.Inbound;

namespace Refrain.Engine.Mail.Inbound.Replies;

/// <summary>What no machine sent: a person's answer, or a person's fresh mail. Whose it is, matching decides.</summary>
internal static class HumanReply
{
    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (mail.Parts.Excess is not null && mail.Text.AsSpan().Trim().Length == 0) return null;
        if (mail.Answers) return new InboundVerdict(InboundClass.Reply, mail.FoldedNewText.Length > 0 ? "person.answer" : "person.answer.empty");
        if (IsBulk(mail)) return new InboundVerdict(InboundClass.Other, "bulk");
        if (!mail.Has("From")) return new InboundVerdict(InboundClass.Other, "no-sender");
        return new InboundVerdict(InboundClass.Reply, "person.fresh");
    }

    private static bool IsBulk(IncomingMail mail) =>
        mail.Header("Precedence") is "bulk" or "junk" or "list" || mail.Has("List-Id") || mail.Has("List-Unsubscribe") || mail.Has("Feedback-ID") || AutomaticSigns.Of(mail).IsAutomatic;
}
