using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Sending;

/// <summary>What a message has to pass before a server sees it, in this order.</summary>
public enum Gate
{
    /// <summary>The contact has not opted out, and his address is not suppressed.</summary>
    Suppression,

    /// <summary>The state allows this send, and the step is due.</summary>
    State,

    /// <summary>The message that this one follows was delivered, or skipped on purpose.</summary>
    Predecessor,

    /// <summary>Nobody paused the whole sequence.</summary>
    SequencePaused,

    /// <summary>The sequence has not ended.</summary>
    EndDate,

    /// <summary>A window is open.</summary>
    Window,

    /// <summary>No cap is used up, and the gap between two messages is over.</summary>
    Throttle,

    /// <summary>The mailbox can send and be read.</summary>
    MailboxHealth,

    /// <summary>The sender's inbox was read after the step came due, and what it held is applied.</summary>
    InboxFresh,
}

/// <summary>What a gate says.</summary>
public enum GateVerdict
{
    Pass,

    /// <summary>Not now; by itself, or when somebody acts, it will pass.</summary>
    Hold,

    /// <summary>This message will not go.</summary>
    Stop,
}

/// <summary>One gate's answer. <paramref name="Since"/>: since when it does not pass. <paramref name="Until"/>: when it is predicted to pass; null when nobody knows.</summary>
public sealed record GateResult(Gate Gate, GateVerdict Verdict, Why Why, Instant? Since, Instant? Until);

/// <summary>What the gates look at.</summary>
/// <param name="Now">The instant of the question.</param>
/// <param name="DueAt">When the step came or comes due: the delay's end in the windows, or the end of the hold or cap after it.</param>
/// <param name="Enrollment">The run.</param>
/// <param name="Step">The step whose message is meant.</param>
/// <param name="Schedule">Windows, zone and holidays, resolved for this contact.</param>
/// <param name="OptedOut">The contact wants no more email.</param>
/// <param name="SuppressedBy">The suppressed address or domain; null when none applies.</param>
/// <param name="PredecessorDelivered">True also where there is none, or where it was skipped on purpose; false while its outcome is not known.</param>
/// <param name="SequencePausedSince">Since when the sequence is paused; null when it runs.</param>
/// <param name="FullCaps">The caps that are used up.</param>
/// <param name="GapUntil">The end of the minimum gap, with its jitter and ramp; null when none runs.</param>
/// <param name="Health">The mailbox's health.</param>
/// <param name="HealthReason">Why it is unhealthy.</param>
/// <param name="HealthSince">Since when.</param>
/// <param name="InboxReadAt">The start of the newest read whose finds are applied; null when there was none.</param>
/// <param name="Manual">A person sends it now: caps, gap and windows only warn.</param>
/// <param name="Plan">Whose wish <paramref name="GapUntil"/> is; null = the mailbox's gap.</param>
public sealed record GateFacts(
    Instant Now, Instant DueAt, Enrollment Enrollment, Step Step, Schedule Schedule, bool OptedOut, string? SuppressedBy, bool PredecessorDelivered,
    Instant? SequencePausedSince, IReadOnlyList<CapUse> FullCaps, Instant? GapUntil, MailboxHealth Health, string? HealthReason, Instant? HealthSince,
    Instant? InboxReadAt, bool Manual, SlotAnswer.Plan? Plan = null);
