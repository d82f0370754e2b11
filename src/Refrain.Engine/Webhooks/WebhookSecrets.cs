using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;

namespace Refrain.Engine.Webhooks;

/// <summary>Secrets and signatures of webhooks as the Standard Webhooks specification has them: HMAC-SHA256 over id, timestamp and body.</summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    public const string Prefix = "whsec_";
    private const int Least = 24;
    private const int Most = 64;
    private readonly IDataProtector protector = protection.CreateProtector("Refrain.WebhookSecrets");

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>True for the prefix and base64 of 24 to 64 bytes.</summary>
    public static bool IsSecret(string text)
    {
        var bytes = new byte[Most + 3];
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length is >= Least and <= Most;
    }

    public string Protect(string secret) => protector.Protect(secret);

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    public string Sign(string stored, string id, Instant at, string body)
    {
        var key = Convert.FromBase64String(protector.Unprotect(stored)[Prefix.Length..]);
        var content = string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}");
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)))}";
    }
}
