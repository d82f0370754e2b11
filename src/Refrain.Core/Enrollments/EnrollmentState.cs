namespace Refrain.Core.Enrollments;

/// <summary>The fourteen states of an enrollment; it is always in exactly one. Nuance goes into the reason, never into a fifteenth state.</summary>
public enum EnrollmentState
{
    /// <summary>Enrolled and free to run: a step waits for its delay, its time or its window, or is being sent; or the wait for a late reply runs.</summary>
    Active,

    /// <summary>Due, but a throttle is full (with the predicted release), or a manual action is needed.</summary>
    Pending,

    /// <summary>A user paused this contact, optionally until a date.</summary>
    Paused,

    /// <summary>An out-of-office answer arrived and the sequence pauses on it.</summary>
    PausedO3,

    /// <summary>Delivery failed, a soft bounce came back, a merge field is missing, the mailbox is disconnected, or the outcome of a send is unknown.</summary>
    Failed,

    /// <summary>A hard bounce. Final.</summary>
    FinishedBounced,

    /// <summary>A human reply, in a sequence that stops on replies. Final.</summary>
    FinishedReplied,

    /// <summary>All steps done and the wait for a late reply over, in a sequence that stops on replies; or marked so by a user. Final.</summary>
    FinishedNoReply,

    /// <summary>Rejected at enrollment: the contact had opted out before. No step runs.</summary>
    FinishedOptOut,

    /// <summary>All steps done in a sequence that does not stop on replies. Final.</summary>
    Finished,

    /// <summary>The contact wants no more email: by link, header, mailto, words in a reply, complaint, user or API. Final.</summary>
    Unsubscribed,

    /// <summary>Rejected at enrollment: the re-add rule of the sequence forbids it. No step runs.</summary>
    AlreadyEnrolled,

    /// <summary>Rejected at enrollment: one-sequence-at-a-time forbids it. No step runs.</summary>
    OtherEnrolled,

    /// <summary>A user or a rule took the contact out. Final.</summary>
    FinishedUnenrolled,
}
