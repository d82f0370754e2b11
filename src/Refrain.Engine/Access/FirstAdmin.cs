using NodaTime;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Access;

/// <summary>The first workspace and its administrator: made once, whoever asks first.</summary>
public sealed class FirstAdmin(Database database, TimeProvider time)
{
    public const string Email = "admin@localhost";

    // The row of this name is what two who ask at once compete for.
    private const string ClaimSql = "insert into setting (name, value) values ('first_workspace', @id) on conflict (name) do nothing";
    private const string FirstSql = "select value from setting where name = 'first_workspace'";
    private const string WorkspaceSql = "insert into workspace (id, name, created_at) values (@id, 'Main', @at)";

    private const string AdminSql =
        """
        select id from member where workspace_id = @workspace and role = 'admin' and active order by id limit 1
        """;

    /// <summary>Gives the oldest administrator of the first workspace, and makes both if there is none.</summary>
    public Task<(WorkspaceId Workspace, UserId User)> EnsureAsync(CancellationToken cancel) => database.WriteAsync(session => EnsureAsync(session, cancel), cancel);

    private async Task<(WorkspaceId Workspace, UserId User)> EnsureAsync(Session session, CancellationToken cancel)
    {
        var made = WorkspaceId.New();
        var now = time.Now();
        if (await session.ExecuteAsync(ClaimSql, new { id = made.ToString() }, cancel) == 1)
            await session.ExecuteAsync(WorkspaceSql, new { id = made, at = now }, cancel);
        var first = await session.FirstAsync<string>(FirstSql, null, cancel);
        var workspace = new WorkspaceId(Guid.ParseExact(first!, "N"));
        var admin = await session.FirstAsync<UserId?>(AdminSql, new { workspace }, cancel);
        return (workspace, admin ?? await AddAsync(session, workspace, now, cancel));
    }

    private static async Task<UserId> AddAsync(Session session, WorkspaceId workspace, Instant now, CancellationToken cancel)
    {
        var user = UserId.New();
        await session.ExecuteAsync(Users.InsertSql, new { Id = user, Workspace = workspace, Email, Name = "Administrator", Role = "admin", DailyCap = (int?)null, Hours = (string?)null, At = now }, cancel);
        return user;
    }
}
