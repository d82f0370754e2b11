using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;

namespace Refrain.Engine.Access;

/// <summary>Who is asking: a user, in the one workspace that he can see.</summary>
public sealed record Caller(WorkspaceId Workspace, UserId User, Role Role)
{
    public Actor Actor => Actor.User(User);
}
