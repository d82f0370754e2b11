using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>Nothing goes out by itself in the name of somebody who was deactivated. His runs say so when their step comes due, and come back with him.</summary>
internal static class DeactivatedUsers
{
    private const string AmongSql = "select id from member where not active and";

    public static async Task<IReadOnlySet<UserId>> AmongAsync(Session session, IReadOnlyList<Enrollment> runs, CancellationToken cancel) =>
        (await session.QueryAsync<UserId>($"{AmongSql} {session.Dialect.In("id", "@ids")}",
            new { ids = session.Dialect.List(runs.Select(run => run.User.Value).Distinct()) }, cancel)).ToHashSet();

    /// <summary>Null where the step asks a person, who may be another: tasks and drafts stay.</summary>
    public static Knock? LostOf(DueCase due)
    {
        var run = due.Case.Enrollment;
        var sends = run is { State: EnrollmentState.Active, Position: { Phase: Phase.Waiting, Step: { } id } } && due.Case.Sequence.Find(id) is { } step
            && (step.Kind == StepKind.Email || step.Kind == StepKind.ManualEmail && run.Position.Approved);
        return sends ? new(run.Bucket, run.Id, _ => new SenderLost(due.Now, FailureCause.UserDeactivated, null), run.Revision) : null;
    }
}
