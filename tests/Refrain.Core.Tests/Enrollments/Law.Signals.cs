using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using static Refrain.Core.Enrollments.EnrollmentState;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>The rows of what people do and of what comes in.</summary>
internal static partial class Law
{
    private static IEnumerable<LawRow> People() =>
    [
        new("task done", AtCall, new TaskCompleted(Now, Stage.Ann, Stage.Task), Refused, To(Active), Stays, Stays, Stays, Refused, Refused),
        new("task done, the last", AtCall with { Spot = Spot.LastOpenCall, PendingSpot = Spot.LastOpenCall }, new TaskCompleted(Now, Stage.Ann, Stage.Task), Refused, To(FinishedNoReply), Stays, Stays, Stays, Refused, Refused),
        new("task done, its outcome takes the contact out", AtCall, new TaskCompleted(Now, Stage.Ann, Stage.Task, "not_interested"),
            Refused, To(FinishedUnenrolled), To(FinishedUnenrolled), To(FinishedUnenrolled), To(FinishedUnenrolled), Refused, Refused),
        new("task skipped", AtCall, new TaskSkipped(Now, Stage.Ann, Stage.Task), Refused, To(Active), Stays, Stays, Stays, Refused, Refused),
        new("draft sent by a person", AtCall with { Spot = Spot.OpenDraft, PendingSpot = Spot.OpenDraft }, new DraftSent(Now, Stage.Ann, Stage.Task), Refused, To(Active), Refused, Refused, Refused, Refused, Refused),
        new("step skipped", Broken, new StepSkipped(Now, Stage.Ann), Stays, To(Active), Stays, Stays, To(Active), Refused, Refused),
        new("pause", Due, new Paused(Now, Stage.Ann, Later), To(EnrollmentState.Paused), To(EnrollmentState.Paused), Stays, To(EnrollmentState.Paused), To(EnrollmentState.Paused), Refused, Refused),
        new("resume", Due with { AbsenceBeneath = new(Now, Later) }, new Resumed(Now, Stage.Ann), Refused, Refused, To(Active), To(Active), Refused, Refused, Refused),
        new("resume, a failure beneath", Broken, new Resumed(Now, Stage.Ann), Refused, Refused, To(Failed), To(Failed), Refused, Refused, Refused),
        new("resume, a task beneath", AtCall, new Resumed(Now, Stage.Ann), Refused, Refused, To(Pending), To(Pending), Refused, Refused, Refused),
        new("retry", Broken, new Retried(Now, Stage.Ann), Refused, Refused, Stays, Stays, To(Active), Refused, Refused),
        new("retry of an unknown outcome without a decision", Unknown, new Retried(Now, Stage.Ann), Refused, Refused, Refused, Refused, Refused, Refused, Refused),
        new("retry of an unknown outcome: resend", Unknown, new Retried(Now, Stage.Ann, UnknownResolution.Resend), Refused, Refused, Stays, Stays, To(Active), Refused, Refused),
        new("retry of an unknown outcome: was delivered", Unknown, new Retried(Now, Stage.Ann, UnknownResolution.Delivered), Refused, Refused, Stays, Stays, To(Active), Refused, Refused),
        new("cause cleared", Missing, new CauseCleared(Now, Stage.Ann, FailureCause.MissingField), Refused, Refused, Stays, Stays, To(Active), Refused, Refused),
        new("cause cleared of an unknown outcome", Unknown, new CauseCleared(Now, Stage.Ann, FailureCause.OutcomeUnknown), Refused, Refused, Refused, Refused, Refused, Refused, Refused),
        new("marked \"no reply\" by a user", Due, new MarkedNoReply(Now, Stage.Ann), To(FinishedNoReply), To(FinishedNoReply), To(FinishedNoReply), To(FinishedNoReply), To(FinishedNoReply), Refused, Refused),
        new("marked by a user, the sequence does not stop on replies", NoStop, new MarkedNoReply(Now, Stage.Ann), To(Finished), To(Finished), To(Finished), To(Finished), To(Finished), Refused, Refused),
    ];

    private static IEnumerable<LawRow> FromOutside() =>
    [
        new("out-of-office", Due, new AbsenceStarted(Now, Later, Dated: true), To(PausedO3), To(PausedO3), Stays, Stays, To(PausedO3), Fact, Fact),
        new("out-of-office, the sequence does not pause on it", Due with { Settings = new() { PauseOnOutOfOffice = false } }, new AbsenceStarted(Now, Later, Dated: true), Fact, Fact, Fact, Fact, Fact, Fact, Fact),
        new("soft bounce of the latest sent step", Due, SoftBounce(Stage.First), To(Failed), To(Failed), Stays, Stays, Fact, To(Failed), Fact),
        new("soft bounce of the latest sent step, the guards would object", Shut, SoftBounce(Stage.First), To(Failed), To(Failed), Stays, Stays, Fact, Fact, Fact),
        new("soft bounce of an attempt after which the step was tried again", Due with { Standing = MessageId.New() }, SoftBounce(Stage.First) with { Reported = Stage.Message }, Fact, Fact, Fact, Fact, Fact, Fact, Fact),
        new("soft bounce of another step", Due, SoftBounce(Stage.Second), Fact, Fact, Fact, Fact, Fact, Fact, Fact),
        new("bounce of somebody else, delay, receipt, automatic reply", Due, new NoticeReceived(Now, "delayed", null), Fact, Fact, Fact, Fact, Fact, Fact, Fact),
        new("reply, the sequence stops on it", Due, new Replied(Now, ToOwnMessage: true), To(FinishedReplied), To(FinishedReplied), To(FinishedReplied), To(FinishedReplied), To(FinishedReplied), To(FinishedReplied), Fact),
        new("reply, not to a message of this run", Due, new Replied(Now, ToOwnMessage: false), To(FinishedReplied), To(FinishedReplied), To(FinishedReplied), To(FinishedReplied), To(FinishedReplied), Fact, Fact),
        new("reply, the sequence does not stop", NoStop, new Replied(Now, ToOwnMessage: true), Fact, Fact, Fact, To(Active), Fact, Fact, Fact),
    ];

    private static IEnumerable<LawRow> Ends() =>
    [
        new("hard bounce of the run's address, its own message", Due, HardBounce(own: true), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), Fact),
        new("hard bounce of the run's address, another message", Due, HardBounce(own: false), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), To(FinishedBounced), Fact, Fact),
        new("hard bounce of an address that the contact has no more", Due with { Address = NewAddress }, HardBounce(own: true), Fact, Fact, Fact, Fact, Fact, Fact, Fact),
        new("unsubscribe, complaint", Due, OptOut(own: true), To(Unsubscribed), To(Unsubscribed), To(Unsubscribed), To(Unsubscribed), To(Unsubscribed), To(Unsubscribed), Fact),
        new("unsubscribe, not by a message of this run", Due, OptOut(own: false), To(Unsubscribed), To(Unsubscribed), To(Unsubscribed), To(Unsubscribed), To(Unsubscribed), Fact, Fact),
        new("taken out by a user", Due, new Removed(Now, Stage.Ann, RemovalRule.User), To(FinishedUnenrolled), To(FinishedUnenrolled), To(FinishedUnenrolled), To(FinishedUnenrolled), To(FinishedUnenrolled), Refused, Refused),
        .. Enum.GetValues<RemovalRule>().Where(rule => rule != RemovalRule.User).Select(rule => new LawRow(
            $"taken out by a rule: {rule.WireName().Replace('_', ' ')}", Due, new Removed(Now, new(ActorKind.Rule, rule.WireName()), rule),
            To(FinishedUnenrolled), To(FinishedUnenrolled), To(FinishedUnenrolled), To(FinishedUnenrolled), To(FinishedUnenrolled), Fact, Fact)),
    ];

    private static SoftBounced SoftBounce(Step step) => new(Now, step.Id, FailureCause.Delivery, "mailbox full", Stage.Message);
    private static HardBounced HardBounce(bool own) => new(Now, Address, "no such user", own, Stage.Message);
    private static OptedOut OptOut(bool own) => new(Now, Actor.Contact, OptOutSource.Link, own);
}
