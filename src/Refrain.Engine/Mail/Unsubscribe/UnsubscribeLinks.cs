using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Refrain.Core;

namespace Refrain.Engine.Mail.Unsubscribe;

/// <summary>Whom an unsubscribe link is for. <paramref name="Bucket"/> is where the enrollment's rows lay when the link was made; they may have moved.</summary>
public sealed record UnsubscribeClaim(EnrollmentId Enrollment, ContactId Contact, int Bucket);

/// <summary>
/// Unsubscribe tokens: encrypted and signed with the key ring in the database, so they say nothing to a reader, cannot be made by one, and hold as long as the
/// ring does: a key that has expired still reads what it signed.
/// </summary>
public sealed class UnsubscribeLinks(IDataProtectionProvider keys)
{
    private const int Length = 36;
    private readonly IDataProtector protector = keys.CreateProtector("Refrain.Unsubscribe.1");

    /// <summary>base64url: fits a path segment as it is.</summary>
    public string TokenFor(EnrollmentId enrollment, ContactId contact, int bucket)
    {
        var claim = new byte[Length];
        var room = enrollment.Value.TryWriteBytes(claim, bigEndian: true, out var used) && contact.Value.TryWriteBytes(claim.AsSpan(used), bigEndian: true, out used);
        if (!room)
            throw new InvalidOperationException("There is no room for two ids.");
        BinaryPrimitives.WriteInt32BigEndian(claim.AsSpan(32), bucket);
        return Base64Url.EncodeToString(protector.Protect(claim));
    }

    /// <summary>False for anything that <see cref="TokenFor"/> did not make.</summary>
    public bool TryRead(string token, out UnsubscribeClaim claim)
    {
        claim = new(default, default, 0);
        if (token.Length > 1000 || !Base64Url.IsValid(token))
            return false;
        try
        {
            var read = protector.Unprotect(Base64Url.DecodeFromChars(token)).AsSpan();
            if (read.Length != Length)
                return false;
            claim = new(new(new Guid(read[..16], bigEndian: true)), new(new Guid(read[16..32], bigEndian: true)), BinaryPrimitives.ReadInt32BigEndian(read[32..]));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
