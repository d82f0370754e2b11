using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using static Refrain.Core.Enrollments.EnrollmentState;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>The rows of going over to another version or another mailbox.</summary>
internal static partial class Law
{
    private static Step Extra => new(StepId.New(), 8, StepKind.Todo, new(1, DelayUnit.Days), Title: "Write a card");
    private static Step[] All => [Stage.First, Stage.Second, Stage.Draft, Stage.Call, Stage.Reminder, Stage.LastEmail, Stage.LastCall];
    private static Step[] Others => [Stage.First, Stage.Draft, Stage.Reminder, Stage.LastEmail, Stage.LastCall];

    private static IEnumerable<LawRow> Versions() =>
    [
        new("moved to a version that has its step", Due, MovedTo(All), Stays, Stays, Stays, Stays, Stays, NoOp, NoOp),
        new("moved to a version without its step", Due, MovedTo(Others), Stays, To(Active), Stays, Stays, To(Active), NoOp, NoOp),
        new("moved to a version without its step and any after it", Due, MovedTo(Stage.First), To(FinishedNoReply), To(FinishedNoReply), Stays, Stays, To(FinishedNoReply), NoOp, NoOp),
        new("moved to a version with a step after the last, all steps done", Due with { Spot = Spot.LateReplyWait }, MovedTo([.. All, Extra]), Stays, Stays, Stays, Stays, To(Active), NoOp, NoOp),
        new("moved to a version without its step, whose message is with the server", InFlight, MovedTo(Others), Refused, To(Active), Refused, Refused, Refused, NoOp, NoOp),
        new("moved to a version without its step, whose outcome is unknown", Unknown, MovedTo(Others), Stays, To(Active), Refused, Refused, Refused, NoOp, NoOp),
        new("moved to a version with none of its steps", Due, MovedTo(Extra), Refused, Refused, Refused, Refused, Refused, NoOp, NoOp),
        new("given to another mailbox", Due, Given, Stays, Stays, Stays, Stays, Stays, Refused, Refused),
        new("given to another mailbox, a cap was used up", Due with { PendingSpot = Spot.Capped }, Given, Stays, To(Active), Stays, Stays, Stays, Refused, Refused),
        new("given to another mailbox, its own was disconnected", Offline, Given, Stays, Stays, Stays, Stays, To(Active), Refused, Refused),
        new("given to another mailbox, a message is with the server", InFlight, Given, Refused, Stays, Refused, Refused, Refused, Refused, Refused),
        new("given to another mailbox, an outcome is unknown", Unknown, Given, Stays, Stays, Refused, Refused, Refused, Refused, Refused),
        new("moved to a version with its steps in another order", Due, MovedTo(Stage.Second, Stage.First), Refused, Refused, Refused, Refused, Refused, NoOp, NoOp),
    ];

    private static SenderChanged Given => new(Now, Stage.Ann, UserId.New(), MailboxId.New());

    private static MovedToVersion MovedTo(params Step[] steps) => new(Now, Stage.Ann, Stage.Version(2, steps));
}
