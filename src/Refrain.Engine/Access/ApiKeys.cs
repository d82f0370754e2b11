using System.Security.Cryptography;
using System.Text;
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

    private sealed record Row
    {
        public WorkspaceId Workspace { get; init; }
        public UserId Member { get; init; }
        public string Role { get; init; } = "";
    }
}
