namespace Refrain.Core.Inbound;

/// <summary>The names that the wire format, the database and the command line use.</summary>
public static class InboundClassNames
{
    /// <summary>The stable name in snake case, such as <c>out_of_office</c>.</summary>
    public static string WireName(this InboundClass value) => value switch
    {
        InboundClass.Reply => "reply",
        InboundClass.OutOfOffice => "out_of_office",
        InboundClass.AutoReply => "auto_reply",
        InboundClass.HardBounce => "hard_bounce",
        InboundClass.SoftBounce => "soft_bounce",
        InboundClass.Delayed => "delayed",
        InboundClass.Complaint => "complaint",
        InboundClass.Unsubscribe => "unsubscribe",
        InboundClass.Receipt => "receipt",
        InboundClass.Other => "other",
    };

    /// <summary>The stable name, such as <c>sender</c>.</summary>
    public static string WireName(this BounceCause value) => value switch
    {
        BounceCause.Address => "address",
        BounceCause.Mailbox => "mailbox",
        BounceCause.Sender => "sender",
        BounceCause.Message => "message",
        BounceCause.Network => "network",
        BounceCause.System => "system",
    };

    /// <summary>Reads a wire name; null when it is none of ours.</summary>
    public static InboundClass? ParseInboundClass(string name)
    {
        foreach (var value in Enum.GetValues<InboundClass>())
        {
            if (value.WireName() == name) return value;
        }

        return null;
    }
}
