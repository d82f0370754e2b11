using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using static Refrain.Core.Enrollments.EnrollmentState;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>The rows of messages that were misread.</summary>
internal static partial class Law
{
    private static Layers BeforeTheReply => new(null, null, null, null, new(Phase.Waiting, Stage.Second.Id, DelayEnds: Later, NextAt: Later, DueAt: Later));
    private static Undo TheReply => new(SignalKind.Replied, Now - Duration.FromDays(1), FinishedReplied, BeforeTheReply);
    private static Undo TheAbsence => new(SignalKind.AbsenceStarted, Now, PausedO3, BeforeTheReply);
    private static Undo TheSoftBounce => new(SignalKind.SoftBounced, Now, Failed, BeforeTheReply);

    private static IEnumerable<LawRow> Corrections() =>
    [
        new("correction, nothing to take back", Due, Correction(null), Fact, Fact, Fact, Fact, Fact, Fact, Fact),
        new("correction of what closed the run", Due, Correction(TheReply), Fact, Fact, Fact, Fact, Fact, Fact, To(Active)),
        new("correction of what closed the run, the guards would object", Shut, Correction(TheReply), Fact, Fact, Fact, Fact, Fact, Fact, Refused),
        new("correction of an out-of-office", Due with { AbsenceBeneath = new(Now, Later) }, Correction(TheAbsence), Fact, Fact, Stays, To(Active), Fact, Fact, Fact),
        new("correction of a soft bounce", Broken, Correction(TheSoftBounce), Fact, Fact, Stays, Stays, To(Active), Fact, Fact),
    ];

    private static Corrected Correction(Undo? undo) => new(Now, Stage.Ann, Stage.Message, InboundClass.Reply, InboundClass.Other, undo);
}
