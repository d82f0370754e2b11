namespace Refrain.Contracts;

/// <summary>The member holds one of these names; they belong to the engine, which stores them as they are.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public class OneOfAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names { get; } = names;
}

/// <summary>The member holds one of the fourteen states.</summary>
public sealed class StateNameAttribute() : OneOfAttribute(
    "active", "pending", "paused", "paused_o3", "failed", "finished_bounced", "finished_replied", "finished_no_reply", "finished_opt_out", "finished",
    "unsubscribed", "already_enrolled", "other_enrolled", "finished_unenrolled");

/// <summary>The member holds a root cause of failure.</summary>
public sealed class CauseNameAttribute() : OneOfAttribute(
    "missing_field", "broken_template", "no_address", "delivery", "sender", "mailbox_disconnected", "user_deactivated", "outcome_unknown");

/// <summary>The member holds what an open enrollment without a next time waits for.</summary>
public sealed class WaitNameAttribute() : OneOfAttribute("outcome", "slot", "person", "retry", "sender", "resume");
