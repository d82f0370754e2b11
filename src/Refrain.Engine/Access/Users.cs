using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Access;

/// <summary>The people of a workspace.</summary>
public sealed class Users(Database database, TimeProvider time)
{
    /// <summary>A user's bucket is drawn once, here: the one with the fewest users.</summary>
    internal const string InsertSql =
        """
        insert into member (id, workspace_id, bucket, email, name, role, daily_cap, working_hours, created_at)
        values (@Id, @Workspace,
            (select bucket.number from bucket left join member on member.bucket = bucket.number group by bucket.number order by count(member.id), bucket.number limit 1),
            @Email, @Name, @Role, @DailyCap, @Hours, @At)
        """;

    private const string SelectSql =
        """
        select id, email, name, role, daily_cap as DailyCap, working_hours as Hours, active, created_at as At from member
        """;

    private const string ListSql = $"{SelectSql} where workspace_id = @workspace and id > @after order by id limit @limit";
    private const string OneSql = $"{SelectSql} where workspace_id = @workspace and id = @id";
    private const string ByEmailSql = $"{SelectSql} where workspace_id = @workspace and email = @email";

    private const string UpdateSql =
        """
        update member set daily_cap = @DailyCap, working_hours = @Hours, name = @Name, role = @Role, active = @Active where workspace_id = @workspace and id = @id
        """;

    // A cap that was raised, or other working hours, let some of those go on who wait for a slot.
    private const string LookSql =
        """
        update mailbox set slots_next_at = @now where bucket in (select number from bucket) and member_id = @id and slots_next_at is not null
        """;

    private const string OtherAdminsSql =
        """
        select count(*) from member where workspace_id = @workspace and role = 'admin' and active and id <> @id
        """;

    public async Task<Page<User>> ListAsync(WorkspaceId workspace, Guid after, int limit, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(session => session.QueryAsync<Row>(ListSql, new { workspace, after, limit = limit + 1 }, cancel), cancel);
        return Paging.Cut(rows, limit, row => row.Id.ToString(), row => row.ToUser());
    }

    public async Task<User?> FindAsync(WorkspaceId workspace, UserId id, CancellationToken cancel) =>
        (await database.ReadAsync(session => session.FirstAsync<Row>(OneSql, new { workspace, id }, cancel), cancel))?.ToUser();

    public async Task<User?> FindAsync(WorkspaceId workspace, string email, CancellationToken cancel) =>
        (await database.ReadAsync(session => session.FirstAsync<Row>(ByEmailSql, new { workspace, email = email.Trim().ToLowerInvariant() }, cancel), cancel))?.ToUser();

    public async Task<Answer<User>> AddAsync(WorkspaceId workspace, NewUser user, CancellationToken cancel)
    {
        var findings = new Findings();
        var email = findings.Address("email", user.Email);
        findings.Text("name", user.Name, 200);
        findings.Within("dailyCap", user.DailyCap, 1, 1000);
        findings.Add(OwnerHours.Problems(user.WorkingHours));
        if (findings.Any) return new Answer<User>.Wrong(findings.All);
        return await database.WriteAsync<Answer<User>>(
            async session =>
            {
                if (await session.FirstAsync<Row>(ByEmailSql, new { workspace, email = email.Value }, cancel) is { } there)
                    return new Answer<User>.Conflict("user_exists", $"{email} is a user already.", there.Id.ToString());
                var id = UserId.New();
                await session.ExecuteAsync(
                    InsertSql, new { Id = id, Workspace = workspace, Email = email.Value, user.Name, Role = WireName.Of(user.Role), user.DailyCap, Hours = OwnerHours.Write(user.WorkingHours), At = time.Now() }, cancel);
                return (await session.FirstAsync<Row>(OneSql, new { workspace, id }, cancel))!.ToUser();
            },
            cancel);
    }

    public async Task<Answer<User>> ChangeAsync(WorkspaceId workspace, UserId id, UserChange change, CancellationToken cancel)
    {
        var findings = new Findings();
        findings.Within("dailyCap", change.DailyCap, 1, 1000);
        findings.Add(OwnerHours.Problems(change.WorkingHours));
        if (change.Name is not null) findings.Text("name", change.Name, 200);
        if (findings.Any) return new Answer<User>.Wrong(findings.All);
        return await database.WriteAsync(session => ChangeAsync(session, workspace, id, change, time.Now(), cancel), cancel);
    }

    private static async Task<Answer<User>> ChangeAsync(Session session, WorkspaceId workspace, UserId id, UserChange change, Instant now, CancellationToken cancel)
    {
        if (await session.FirstAsync<Row>(OneSql, new { workspace, id }, cancel) is not { } before) return new Answer<User>.Missing();
        var role = change.Role ?? WireName.Parse<Role>(before.Role);
        var active = change.Active ?? before.Active;
        if ((role != Role.Admin || !active) && await session.FirstAsync<long>(OtherAdminsSql, new { workspace, id }, cancel) == 0)
            return new Answer<User>.Conflict("last_admin", "This is the last administrator: somebody has to be able to let others in.");
        var hours = change.WorkingHours is { } given ? OwnerHours.Write(given) : before.Hours;
        await session.ExecuteAsync(
            UpdateSql, new { change.DailyCap, Hours = hours, Name = change.Name ?? before.Name, Role = WireName.Of(role), Active = active, workspace, id }, cancel);
        if (change.DailyCap != before.DailyCap || hours != before.Hours) await session.ExecuteAsync(LookSql, new { now, id }, cancel);
        return (await session.FirstAsync<Row>(OneSql, new { workspace, id }, cancel))!.ToUser();
    }

    private sealed record Row
    {
        public UserId Id { get; init; }
        public string Email { get; init; } = "";
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public int? DailyCap { get; init; }
        public string? Hours { get; init; }
        public bool Active { get; init; }
        public Instant At { get; init; }

        public User ToUser() => new(Id.ToString(), Email, Name, WireName.Parse<Role>(Role), DailyCap, Active, At.ToDateTimeOffset(), OwnerHours.Read(Hours));
    }
}
