using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Jobs;

/// <summary>Takes a batch of runs to a new version of their sequence, through the door.</summary>
internal sealed class MoveBatch(EnrollmentStore door, SequenceCatalog catalog, TimeProvider time)
{
    private const string UnderWay = "already_handed_over";

    /// <summary>A run whose message is under way has no outcome yet: it is asked again.</summary>
    public async Task<IReadOnlyList<StoredJobRow>> DoAsync(Session session, StoredJob job, IReadOnlyList<StoredJobRow> rows, CancellationToken cancel)
    {
        var to = await catalog.GetAsync(session, job.Sequence, job.SequenceVersion!.Value, cancel);
        var answers = await door.ApplyAsync(session, job.Workspace, [.. rows.Select(row => KnockFor(job, row, to))], cancel);
        return [.. rows.Zip(answers, EndOf).OfType<StoredJobRow>()];
    }

    // Whoever ended meanwhile, or was taken further by a later publication, has nothing to be done to.
    private Knock KnockFor(StoredJob job, StoredJobRow row, Sequence to) => new(
        null, row.Enrollment!.Value, run => run.IsOpen && run.SequenceVersion < to.Version ? new MovedToVersion(time.Now(), job.By, to) : null);

    private static StoredJobRow? EndOf(StoredJobRow row, DoorAnswer answer) => answer switch
    {
        { Kind: TransitionKind.Refused, Why.Code: UnderWay } => null,
        { Kind: TransitionKind.Refused } => row.Refuse(answer.Why.Code, answer.Why.Sentence),
        _ => row.Done(answer.Id, answer.After!.State),
    };
}
