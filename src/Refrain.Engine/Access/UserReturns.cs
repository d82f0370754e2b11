using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Access;

/// <summary>Lets the runs go on that failed because their user had been deactivated.</summary>
internal sealed class UserReturns(Database database, EnrollmentStore door, TimeProvider time)
{
    private const int Batch = 500;

    private const string WaitingSql =
        """
        select bucket as Bucket, id as Id from enrollment
        where bucket = (select bucket from member where id = @user) and member_id = @user and failure_cause = 'user_deactivated' and state in ('failed', 'paused', 'paused_o3')
            and id > @after
        order by id limit @limit
        """;

    /// <summary>Doing it again does it to those that are left.</summary>
    public async Task ReturnAsync(UserId user, CancellationToken cancel)
    {
        IReadOnlyList<RunKey> waiting = [];
        do
        {
            var after = waiting is [.., var last] ? last.Id : default;
            waiting = await database.ReadAsync(session => session.QueryAsync<RunKey>(WaitingSql, new { user, after, limit = Batch }, cancel), cancel);
            await door.ApplyAsync(null, [.. waiting.Select(run => new Knock(run.Bucket, run.Id, _ => new SenderBack(time.Now(), FailureCause.UserDeactivated)))], cancel);
        }
        while (waiting.Count == Batch);
    }
}
