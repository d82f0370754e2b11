namespace Refrain.Core.Sending;

/// <summary>Names of gates and their verdicts, for the wire format.</summary>
public static class GateNames
{
    /// <summary>The stable name in snake case, such as <c>inbox_fresh</c>.</summary>
    public static string WireName(this Gate value) => value switch
    {
        Gate.Suppression => "suppression",
        Gate.State => "state",
        Gate.Predecessor => "predecessor",
        Gate.SequencePaused => "sequence_paused",
        Gate.EndDate => "end_date",
        Gate.Window => "window",
        Gate.Throttle => "throttle",
        Gate.MailboxHealth => "mailbox_health",
        Gate.InboxFresh => "inbox_fresh",
    };

    /// <summary>The stable name: <c>pass</c>, <c>hold</c> or <c>stop</c>.</summary>
    public static string WireName(this GateVerdict value) => value switch
    {
        GateVerdict.Pass => "pass",
        GateVerdict.Hold => "hold",
        GateVerdict.Stop => "stop",
    };
}
