using Refrain.Contracts;
using Refrain.Core;

namespace Refrain.Engine.Access;

/// <summary>Changes users, with what follows for their runs: who comes back takes up what failed in his absence.</summary>
public sealed class UserChanges
{
    private readonly Users users;
    private readonly UserReturns returns;

    internal UserChanges(Users users, UserReturns returns) => (this.users, this.returns) = (users, returns);

    /// <summary>Saying of an active user that he is active takes up what a death in between had left.</summary>
    public async Task<Answer<User>> ChangeAsync(WorkspaceId workspace, UserId id, UserChange change, CancellationToken cancel)
    {
        var answer = await users.ChangeAsync(workspace, id, change, cancel);
        if (answer is Answer<User>.Done { Value.Active: true }) await returns.ReturnAsync(id, cancel);
        return answer;
    }
}
