using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Access;

namespace Refrain.Engine.Enrollments;

/// <summary>One verb for many enrollments: each is decided alone, and who refuses is named.</summary>
public sealed class BulkVerbs(EnrollmentStore door, EnrollmentQueries queries, TimeProvider time)
{
    private const int Batch = 200;

    public async Task<BulkResult> ToIdsAsync(Caller caller, IReadOnlyList<EnrollmentId> ids, BulkAction action, Instant? until, CancellationToken cancel)
    {
        var tally = new Tally();
        foreach (var chunk in ids.Distinct().Chunk(Batch)) tally.Add(await ApplyAsync(caller, chunk, action, until, cancel));
        return tally.Result;
    }

    /// <summary>To all that the filter finds when this begins its batch: each enrollment once.</summary>
    public async Task<BulkResult> ToFilteredAsync(
        Caller caller, EnrollmentListFilter filter, BulkAction action, Instant? until, CancellationToken cancel)
    {
        var tally = new Tally();
        var ids = new List<EnrollmentId>();
        // All first: the verb moves rows to other places of the list that is read here.
        for (EnrollmentCursor? cursor = EnrollmentCursor.Start; cursor is not null;)
        {
            var (page, next) = await queries.IdsAsync(caller.Workspace, filter, cursor, 5000, cancel);
            ids.AddRange(page);
            cursor = next;
        }
        foreach (var chunk in ids.Distinct().Chunk(Batch)) tally.Add(await ApplyAsync(caller, chunk, action, until, cancel));
        return tally.Result;
    }

    public async Task<DoorAnswer> ToOneAsync(Caller caller, EnrollmentId id, Func<Instant, Actor, Signal> signal, CancellationToken cancel)
    {
        var now = time.Now();
        return (await door.SignalAsync(caller.Workspace, [id], _ => signal(now, caller.Actor), cancel))[0];
    }

    private Task<IReadOnlyList<DoorAnswer>> ApplyAsync(Caller caller, IReadOnlyList<EnrollmentId> ids, BulkAction action, Instant? until, CancellationToken cancel)
    {
        var now = time.Now();
        return door.SignalAsync(caller.Workspace, ids, _ => SignalOf(action, now, caller.Actor, until), cancel);
    }

    private static Signal SignalOf(BulkAction action, Instant now, Actor by, Instant? until) => action switch
    {
        BulkAction.Pause => new Paused(now, by, until),
        BulkAction.Resume => new Resumed(now, by),
        BulkAction.Retry => new Retried(now, by),
        BulkAction.Skip => new StepSkipped(now, by),
        BulkAction.Unenroll => new Removed(now, by, RemovalRule.User),
        BulkAction.Finish => new MarkedNoReply(now, by),
    };

    private sealed class Tally
    {
        private readonly List<Refusal> refused = [];
        private int done;

        public BulkResult Result => new(done, refused);

        public void Add(IReadOnlyList<DoorAnswer> answers)
        {
            done += answers.Count(answer => answer.Kind != TransitionKind.Refused);
            refused.AddRange(answers.Where(answer => answer.Kind == TransitionKind.Refused)
                .Select(answer => new Refusal(answer.Id.ToString(), answer.Why.Code, answer.Why.Sentence)));
        }
    }
}
