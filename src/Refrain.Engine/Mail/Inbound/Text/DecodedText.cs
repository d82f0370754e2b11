using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Unicode;
using MimeKit;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>The characters of a part, whatever its charset claims to be, and never more than the cap.</summary>
internal static class DecodedText
{
    public const int LongestText = 64 * 1024;
    private const int LongestName = 40;
    private const int MostNames = 200;
    private static readonly ConcurrentDictionary<string, Encoding?> Encodings = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Encoding Western = CodePage("windows-1252");
    private static readonly Encoding Japanese = CodePage("iso-2022-jp");

    public static string Of(MimePart part, int cap = LongestText)
    {
        if (part.Content is null) return "";
        var buffer = ArrayPool<byte>.Shared.Rent(cap);
        try
        {
            using var stream = part.Content.Open();
            var length = stream.ReadAtLeast(buffer.AsSpan(0, cap), cap, throwOnEndOfStream: false);
            return Decode(buffer.AsSpan(0, length), part.ContentType.Charset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (bytes.IndexOf("\u001b$"u8) >= 0) return Japanese.GetString(bytes);
        if (Named(charset) is { } encoding) return encoding.GetString(bytes);
        var declared = string.Equals(charset, "utf-8", StringComparison.OrdinalIgnoreCase);
        return declared || Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Western.GetString(bytes);
    }

    private static Encoding CodePage(string charset)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(charset, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback);
    }

    private static Encoding? Named(string? charset)
    {
        if (string.IsNullOrEmpty(charset) || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return null;
        return Encodings.GetOrAdd(charset.Length > LongestName ? charset[..LongestName] : charset, static name => Known(name));
    }

    private static Encoding? Known(string charset)
    {
        // Names come from strangers: whatever they invent, the memory of them stays small.
        if (Encodings.Count > MostNames) Encodings.Clear();
        try
        {
            return CodePage(charset);
        }
        catch (NotSupportedException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
