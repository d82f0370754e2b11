using NodaTime;

namespace Refrain.Core.Enrollments;

/// <summary>What a run does at its place in the sequence.</summary>
public enum Phase
{
    /// <summary>The step (or the end of the wait for a late reply) waits for its time.</summary>
    Waiting,

    /// <summary>The step's message is intended or handed over; its outcome is awaited.</summary>
    Sending,

    /// <summary>The step is due and a cap is used up.</summary>
    Capped,

    /// <summary>A person has to act: a draft or a blocking task is open.</summary>
    AtTask,
}

/// <summary>
/// The place of a run: its step, and what that step waits for. Holds and failures lie over it and never change it,
/// so that leaving them finds what was beneath.
/// </summary>
/// <param name="Phase">What the run does here.</param>
/// <param name="Step">The current step; null after the last one, while the wait for a late reply runs.</param>
/// <param name="DelayEnds">Waiting and free: the end of the step's delay (an instant). The due time once the step is due.</param>
/// <param name="NextAt">Waiting and free: when the step is taken up, which is the end of the delay moved into the windows. Null when frozen or not waiting for a time.</param>
/// <param name="Remaining">Frozen by a hold or a failure: what was left of the delay. Null when free.</param>
/// <param name="Attempts">How many times the server has deferred this step's message.</param>
/// <param name="Cap">Capped: which limit, its use, and the predicted release.</param>
/// <param name="Task">AtTask: the open task.</param>
/// <param name="DueAt">
/// When the step first was to be taken up: kept through gates, caps, retries, failures and holds, so that lateness is measured from it. Null when frozen before it came due.
/// </param>
/// <param name="Approved">A person sent this step's draft, or said that the late step is still to go: it is sent and retried without asking again.</param>
public sealed record Position(
    Phase Phase, StepId? Step, Instant? DelayEnds = null, Instant? NextAt = null, Duration? Remaining = null,
    int Attempts = 0, CapUse? Cap = null, TaskId? Task = null, Instant? DueAt = null, bool Approved = false);

/// <summary>A cap that is used up: its stable name (<c>mailbox_daily</c>), how much of it is used, and when the slot for this enrollment is predicted to be free; null where nobody can say.</summary>
public sealed record CapUse(string Name, int Used, int Limit, Instant? ReleaseAt);
