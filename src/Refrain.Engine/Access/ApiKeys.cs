using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Access;

/// <summary>
/// Keys of programs. A key is 256 random bits and is shown once; only its SHA-256 is stored. Nothing slower is needed: what a salt and a slow hash
/// protect is a secret that can be guessed.
/// </summary>
public sealed class ApiKeys(Database database, TimeProvider time)
{
    public const string Prefix = "rfr_";

    private const string InsertSql =
        """
        insert into api_key (id, workspace_id, member_id, name, hash, created_at) values (@Id, @Workspace, @User, @Name, @Hash, @At)
        """;

    private const string FindSql =
        """
        select api_key.workspace_id as Workspace, api_key.member_id as Member, member.role as Role
        from api_key join member on member.id = api_key.member_id
        where api_key.hash = @hash and api_key.revoked_at is null and member.active
        """;

    private const string SelectSql =
        """
        select api_key.id as Id, api_key.name as Name, api_key.member_id as Member, member.email as Email, api_key.created_at as CreatedAt, api_key.revoked_at as RevokedAt
        from api_key join member on member.id = api_key.member_id
        """;

    private const string ListSql = $"{SelectSql} where api_key.workspace_id = @workspace and api_key.id > @after order by api_key.id limit @limit";

    private const string OneSql = $"{SelectSql} where api_key.workspace_id = @workspace and api_key.id = @id";

    private const string RevokeSql = "update api_key set revoked_at = @now where workspace_id = @workspace and id = @id and revoked_at is null";

    /// <summary>The keys, revoked ones too; never what they are.</summary>
    public async Task<Page<ApiKey>> ListAsync(WorkspaceId workspace, Guid after, int limit, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(session => session.QueryAsync<KeyRow>(ListSql, new { workspace, after, limit = limit + 1 }, cancel), cancel);
        return Paging.Cut(rows, limit, row => row.Id.ToString("N"), row => row.ToKey());
    }

    /// <summary>From here on the key lets nobody in. Null = no such key; revoking it again changes nothing.</summary>
    public Task<ApiKey?> RevokeAsync(WorkspaceId workspace, Guid id, CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync(RevokeSql, new { workspace, id, now = time.Now() }, cancel);
            return (await session.FirstAsync<KeyRow>(OneSql, new { workspace, id }, cancel))?.ToKey();
        },
        cancel);

    /// <summary>Makes a key that acts as the user, and gives it for the only time.</summary>
    public async Task<string> CreateAsync(WorkspaceId workspace, UserId user, string name, CancellationToken cancel)
    {
        var key = Prefix + Base64Url(RandomNumberGenerator.GetBytes(32));
        await database.WriteAsync(
            session => session.ExecuteAsync(
                InsertSql, new { Id = Guid.CreateVersion7(), Workspace = workspace, User = user, Name = name, Hash = Hash(key), At = time.Now() }, cancel),
            cancel);
        return key;
    }

    /// <summary>Null for a key that is unknown, revoked, or of somebody who was deactivated.</summary>
    public async Task<Caller?> FindAsync(string key, CancellationToken cancel)
    {
        if (!key.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var row = await database.ReadAsync(session => session.FirstAsync<Row>(FindSql, new { hash = Hash(key) }, cancel), cancel);
        return row is null ? null : new(row.Workspace, row.Member, WireName.Parse<Role>(row.Role));
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private sealed record KeyRow
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public UserId Member { get; init; }
        public string Email { get; init; } = "";
        public Instant CreatedAt { get; init; }
        public Instant? RevokedAt { get; init; }

        public ApiKey ToKey() => new(Id.ToString("N"), Name, Member.ToString(), Email, CreatedAt.ToDateTimeOffset(), RevokedAt?.ToDateTimeOffset());
    }

    private sealed record Row
    {
        public WorkspaceId Workspace { get; init; }
        public UserId Member { get; init; }
        public string Role { get; init; } = "";
    }
}
