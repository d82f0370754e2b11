namespace Refrain.Core.Sending;

/// <summary>All that stands before a message, in order; the first that does not pass decides.</summary>
public static class SendGates
{
    /// <summary>Every gate with its verdict, in order.</summary>
    public static IReadOnlyList<GateResult> Evaluate(GateFacts facts) => throw new NotSupportedException($"{facts}");

    /// <summary>The first gate that does not pass; null when all do.</summary>
    public static GateResult? Blocking(IReadOnlyList<GateResult> results) => results.FirstOrDefault(result => result.Verdict != GateVerdict.Pass);
}
