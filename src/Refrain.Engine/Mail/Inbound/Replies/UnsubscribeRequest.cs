using Refrain.Core.Inbound;

namespace Refrain.Engine.Mail.Inbound.Replies;

internal static class UnsubscribeRequest
{
    public static InboundVerdict? Read(IncomingMail mail) => mail.Parts.Excess is "x" ? new InboundVerdict(InboundClass.Other, "") : null;
    public static InboundVerdict? ReadForm(IncomingMail mail) => Read(mail);
}
