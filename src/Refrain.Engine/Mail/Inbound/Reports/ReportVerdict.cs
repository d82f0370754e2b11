using Refrain.Core.Inbound;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>The verdict on a report from the fates of its recipients: the most severe names the class.</summary>
internal static class ReportVerdict
{
    /// <summary>A report names no more recipients than this: we write to one at a time, and each costs a look at the words about him.</summary>
    public const int MostRecipients = 200;

    public static InboundVerdict Of(string rule, IReadOnlyList<FailedRecipient> fates, OriginalMessage original, string? envelopeId)
    {
        var worst = Worst(fates);
        return new InboundVerdict(worst?.Class ?? InboundClass.SoftBounce, rule)
        {
            Cause = worst?.Cause,
            Recipients = fates,
            Status = worst?.Status,
            OriginalMessageId = original.MessageId,
            EnvelopeId = envelopeId,
        };
    }

    private static FailedRecipient? Worst(IReadOnlyList<FailedRecipient> fates)
    {
        foreach (var severity in (ReadOnlySpan<InboundClass>)[InboundClass.HardBounce, InboundClass.SoftBounce, InboundClass.Delayed])
        {
            foreach (var fate in fates)
            {
                if (fate.Class == severity) return fate;
            }
        }

        return null;
    }
}
