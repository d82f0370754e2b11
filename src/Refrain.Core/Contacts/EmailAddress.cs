using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Refrain.Core.Contacts;

/// <summary>
/// An address, normalised once: trimmed and lower-cased. The local part is case-sensitive by RFC 5321 section 2.4 and case-blind at every provider;
/// keeping the case would mail one person twice.
/// </summary>
public readonly partial record struct EmailAddress
{
    private EmailAddress(string value) => Value = value;

    public string Value { get; }
    public string Domain => Value[(Value.LastIndexOf('@') + 1)..];

    /// <summary>True for a dot-atom or UTF-8 local part of at most 64 octets before a domain name of at most 255 (RFC 5321 section 4.5.3.1); no display name, no comment, no route.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EmailAddress address)
    {
        var value = text?.Trim().ToLowerInvariant() ?? "";
        var right = value.Length <= 254 && value.IndexOf('@', StringComparison.Ordinal) <= 64 && Shape().IsMatch(value);
        address = right ? new(value) : default;
        return right;
    }

    public override string ToString() => Value;

    [GeneratedRegex("""^[^\s@<>()\[\]\\,;:".]+(\.[^\s@<>()\[\]\\,;:".]+)*@([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Shape();
}
