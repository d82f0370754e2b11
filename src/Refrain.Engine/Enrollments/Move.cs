using Refrain.Core;
using Refrain.Core.Enrollments;

namespace Refrain.Engine.Enrollments;

/// <summary>A decided transition on its way into the store.</summary>
internal sealed record Move(DoorCase Case, Signal Signal, Transition Transition, Enrollment After, RenderedEmail? Email)
{
    public EnrollmentEvent ToEvent() => new(
        After.Bucket, After.Id, After.Revision, Signal.At, Signal.Kind.WireName(), Case.Enrollment.State, After.State, Transition.Why, Signal.By, MessageOf(Signal));

    /// <summary>The message that came in and led to this; null where none did.</summary>
    public MessageId? Incoming => Signal is AbsenceStarted or SoftBounced or NoticeReceived or HardBounced or Replied or OptedOut ? MessageOf(Signal) : null;

    private static MessageId? MessageOf(Signal signal) => signal switch
    {
        MessageAccepted accepted => accepted.Message,
        MessageDeferred deferred => deferred.Message,
        MessageStopped stopped => stopped.Message,
        AddressRefused refused => refused.Message,
        StepFailed failed => failed.Message,
        OutcomeLost lost => lost.Message,
        AbsenceStarted away => away.Message,
        SoftBounced bounced => bounced.Message,
        NoticeReceived notice => notice.Message,
        HardBounced bounced => bounced.Message,
        Replied replied => replied.Message,
        OptedOut optedOut => optedOut.Message,
        Corrected corrected => corrected.Message,
        _ => null,
    };
}
