using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>The key that Message-IDs are derived with: drawn once for a database and kept in it, encrypted, so that a restored copy computes the same ids.</summary>
internal sealed class MessageIdKey(IDataProtectionProvider protection)
{
    private const string Name = "message_id_key";
    private const string InsertSql = "insert into setting (name, value) values (@Name, @drawn) on conflict (name) do nothing";
    private const string ValueSql = "select value from setting where name = @Name";
    private readonly IDataProtector protector = protection.CreateProtector("Refrain.MessageIdKey");
    private byte[]? known;

    public async Task<byte[]> GetAsync(Session session, CancellationToken cancel)
    {
        if (known is not null) return known;
        var drawn = protector.Protect(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        await session.ExecuteAsync(InsertSql, new { Name, drawn }, cancel);
        var stored = await session.FirstAsync<string>(ValueSql, new { Name }, cancel);
        var key = Convert.FromHexString(protector.Unprotect(stored!));
        if (stored != drawn) known = key;
        return key;
    }
}
