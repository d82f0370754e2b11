using System.Text;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound;

namespace Refrain.Engine.Tests.Mail.Inbound;

/// <summary>Messages for tests that are about one sentence.</summary>
internal static class Mails
{
    public const string Sent = "Mon, 04 Aug 2025 08:00:00 +0000";

    /// <summary>An absence notice with a machine's header.</summary>
    public static InboundVerdict Notice(string text, string date = Sent, string from = "ann@fir.test") =>
        Read($"From: {from}\nTo: sam@acme.test\nSubject: Automatic reply: A question\nDate: {date}\nAuto-Submitted: auto-replied\nIn-Reply-To: <1@acme.test>", text);

    /// <summary>An answer that a person wrote.</summary>
    public static InboundVerdict Answer(string text) =>
        Read($"From: ann@fir.test\nTo: sam@acme.test\nSubject: Re: A question\nDate: {Sent}\nIn-Reply-To: <1@acme.test>", text);

    public static InboundVerdict Read(string headers, string text) =>
        Classifier.Classify(new MemoryStream(Encoding.UTF8.GetBytes($"{headers}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n")));
}
