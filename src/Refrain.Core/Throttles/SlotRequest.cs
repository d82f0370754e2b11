using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Throttles;

/// <summary>A message that asks for its slot.</summary>
/// <param name="Run">Whose.</param>
/// <param name="Mailbox">Where it goes out.</param>
/// <param name="Sequence">Of which sequence.</param>
/// <param name="Kind">A first email or a follow-up.</param>
/// <param name="Domain">The recipient's domain.</param>
/// <param name="Hours">The contact's hours.</param>
/// <param name="Promise">The instant that was promised to it, a planned time or a freed slot; null when none was.</param>
/// <param name="IsRetry">It was deferred before: its retries keep their own times, and tell whether the provider takes mail again.</param>
public sealed record SlotRequest(
    EnrollmentId Run, MailboxId Mailbox, Sequence Sequence, SlotKind Kind, string Domain, OpeningTimes Hours, Instant? Promise = null, bool IsRetry = false)
{
    /// <summary>What its jitter is drawn from: the random part of the stored id, so that every look finds the same.</summary>
    public long Seed => SeedOf(Run);

    /// <summary>The seed of a run.</summary>
    public static long SeedOf(EnrollmentId run) => BitConverter.ToInt64(run.Value.ToByteArray(), 8);
}

/// <summary>What a message is told that asks for its slot.</summary>
public abstract record SlotAnswer
{
    private SlotAnswer() { }

    /// <summary>It may go now.</summary>
    public sealed record Go : SlotAnswer;

    /// <summary>It has a planned time: no limit is used up, but the mailbox or the recipient's provider wants a pause.</summary>
    public sealed record Plan(Instant At, PlanCause Cause, ProviderPace? Provider = null) : SlotAnswer;

    /// <summary>Limits are used up, at least one. It waits for the last of them.</summary>
    public sealed record Wait(IReadOnlyList<CapUse> Full) : SlotAnswer
    {
        /// <summary>The limit that holds it longest; one that nobody can foresee is the longest of all.</summary>
        public CapUse Longest => Full.MaxBy(cap => cap.ReleaseAt ?? Instant.MaxValue)!;
    }
}

/// <summary>Why a message has a planned time.</summary>
public enum PlanCause
{
    /// <summary>The least time between two emails of the mailbox.</summary>
    Gap,

    /// <summary>The mailbox is new, and its cap still grows.</summary>
    Ramp,

    /// <summary>The recipient's provider asked to be sent less.</summary>
    Provider,
}
