using NodaTime;
using Refrain.Core.Enrollments;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>What holds for every run after every signal.</summary>
internal static class Invariants
{
    public static void OneNextActionOrOneWait(Enrollment run)
    {
        var named = (run.NextAt is null ? 0 : 1) + (run.WaitsFor is null ? 0 : 1);
        named.ShouldBe(run.IsOpen ? 1 : 0, $"{run.State}, {run.Position}");
    }

    public static void AFrozenRunIsFrozen(Enrollment run)
    {
        var place = run.Position;
        if (!run.IsFree)
        {
            (place.NextAt, place.DelayEnds, place.Cap).ShouldBe((run.IsOpen ? null : place.NextAt, place.Phase == Phase.Waiting ? null : place.DelayEnds, null));
            place.Phase.ShouldNotBe(Phase.Capped, "a hold gives up the slot");
        }
        if (place.Phase == Phase.Waiting)
            (place.Remaining is not null).ShouldBe(!run.IsFree, "the delay is frozen by what lies over it, and by nothing else");
        place.Remaining.GetValueOrDefault().ShouldBeGreaterThanOrEqualTo(Duration.Zero);
        (place.Task is not null).ShouldBe(place.Phase == Phase.AtTask);
        if (run.Failure is not null && run.IsOpen)
            place.Phase.ShouldBe(Phase.Waiting, "a failed step rests");
    }

    public static void ATransitionIsLawful(Enrollment before, Transition transition, Signal signal)
    {
        var after = transition.Kind == TransitionKind.Moved ? transition.Next : before;
        if (transition.Kind == TransitionKind.Fact && signal is MessageAccepted)
            transition.Next.ShouldBe(before with { EmailsSent = before.EmailsSent + 1 });
        else if (transition.Kind != TransitionKind.Moved)
            transition.Next.ShouldBeSameAs(before);
        if (!before.IsOpen && transition.Kind == TransitionKind.Moved)
            ClosedIsClosed(before, after, signal);
        if (transition.Effects.Any(effect => effect is SendEmail))
            (before.IsFree, after.State).ShouldBe((true, EnrollmentState.Active), "nothing is sent from a held, failed or closed run");
        if (after.IsOpen && before.IsOpen)
            NothingIsLaundered(before, after, signal);
        if (after.State != before.State)
            after.Since.ShouldBe(signal.At);
    }

    private static void ClosedIsClosed(Enrollment before, Enrollment after, Signal signal)
    {
        if (signal.Kind != SignalKind.Corrected) before.State.ShouldBeOneOf(EnrollmentState.Finished, EnrollmentState.FinishedNoReply);
        EnrollmentState[] allowed = signal.Kind switch
        {
            SignalKind.StepFailed or SignalKind.SoftBounced => [EnrollmentState.Failed],
            SignalKind.AddressRefused or SignalKind.HardBounced => [EnrollmentState.FinishedBounced],
            SignalKind.Replied => [EnrollmentState.FinishedReplied],
            SignalKind.OptedOut => [EnrollmentState.Unsubscribed],
            SignalKind.Corrected => [.. EnrollmentStates.All],
            _ => [],
        };
        allowed.ShouldContain(after.State, $"{signal.Kind} after {before.State}");
    }

    private static void NothingIsLaundered(Enrollment before, Enrollment after, Signal signal)
    {
        if (before.Failure is not null && after.Failure is null)
            signal.Kind.ShouldBeOneOf(SignalKind.Retried, SignalKind.CauseCleared, SignalKind.SenderBack, SignalKind.StepSkipped, SignalKind.MessageAccepted, SignalKind.MovedToVersion, SignalKind.SenderChanged, SignalKind.Corrected);
        if (before.Failure?.Cause == FailureCause.OutcomeUnknown && after.Failure?.Cause != FailureCause.OutcomeUnknown)
            (signal is Retried { Unknown: not null } or StepSkipped or MessageAccepted or StepFailed { Message: not null }).ShouldBeTrue($"only a person or a proof settles an unknown outcome, not {signal}");
        if (before.Pause is not null && after.Pause is null)
            signal.Kind.ShouldBeOneOf(SignalKind.Resumed, SignalKind.PauseEnded);
        if (before.Absence is { } absence && after.Absence is null)
            (signal.Kind is SignalKind.Resumed or SignalKind.Replied or SignalKind.Corrected || absence.Until <= signal.At).ShouldBeTrue("an absence ends with its date, its contact or a user");
        if (before.Absence is { Dated: true } dated && after.Absence is { } moved && signal.Kind != SignalKind.Corrected)
            (moved.Until >= dated.Until || dated.Until <= signal.At).ShouldBeTrue("no stated absence is shortened");
    }
}
