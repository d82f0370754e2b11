using Refrain.Core.Inbound;

namespace Refrain.Engine.Mail.Inbound.Automatic;

internal static class AutomaticAnswer
{
    public static InboundVerdict? Read(IncomingMail mail) => mail.Parts.Excess is "x" ? new InboundVerdict(InboundClass.Other, "") : null;
}
