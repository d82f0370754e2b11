using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Throttles;

/// <summary>An open run as the outlook takes it up.</summary>
/// <param name="Id">The run.</param>
/// <param name="Mailbox">Where it sends from.</param>
/// <param name="Sequence">The version that it runs through.</param>
/// <param name="Step">Its current step.</param>
/// <param name="Schedule">The contact's hours.</param>
/// <param name="Domain">The recipient's domain.</param>
/// <param name="At">When it is taken up; for one that waits for a slot, when its step came due.</param>
/// <param name="HasSent">A message of it was accepted before.</param>
/// <param name="Approved">A person let its current email go.</param>
/// <param name="WaitsIn">The limit that it waits for; null when it waits for its time.</param>
/// <param name="Promise">The slot that was promised to it.</param>
public sealed record OutlookRun(
    EnrollmentId Id, MailboxId Mailbox, Sequence Sequence, StepId Step, Schedule Schedule, string Domain, Instant At, bool HasSent,
    bool Approved = false, LaneLimit? WaitsIn = null, Instant? Promise = null)
{
    /// <summary>All its steps are done; only the wait for a late reply is left.</summary>
    public bool Through { get; init; }

    /// <summary>Its email was deferred before.</summary>
    public bool IsRetry { get; init; }

    /// <summary>When its step came due, where that is not <see cref="At"/>: it is let through in this order.</summary>
    public Instant? Due { get; init; }

    /// <summary>Its message is with the server, and counted: it is taken to be accepted.</summary>
    public bool UnderWay { get; init; }

    /// <summary>Shared by all runs of its contact; null where nothing asks for a rest between two emails to him.</summary>
    public ContactRest? Rest { get; init; }

    /// <summary>Its email is due and has not gone because of a limit, a gap or a provider.</summary>
    public bool IsWaiting { get; init; }
}

/// <summary>What happens to a run if nothing intervenes. <paramref name="Run"/>: as it was told at the start.</summary>
public abstract record OutlookEvent(OutlookRun Run, Instant At)
{
    /// <summary>Its email goes out. <paramref name="Waited"/>: it had been due and waiting.</summary>
    public sealed record Sent(OutlookRun Run, StepId Step, Instant At, bool Waited) : OutlookEvent(Run, At);

    /// <summary>Its email is due and begins to wait.</summary>
    public sealed record Waits(OutlookRun Run, Instant At) : OutlookEvent(Run, At);

    /// <summary>It is through.</summary>
    public sealed record Ended(OutlookRun Run, Instant At) : OutlookEvent(Run, At);

    /// <summary>A step of it can never happen.</summary>
    public sealed record Stuck(OutlookRun Run, Step Step, Instant At, StuckCause Cause, bool Waited) : OutlookEvent(Run, At);
}

/// <summary>Why a step can never happen.</summary>
public enum StuckCause
{
    /// <summary>No window opens for it, or none before the sequence ends.</summary>
    Hours,

    /// <summary>There is no mailbox to send it from.</summary>
    NoSender,
}
