using System.Text.Json;

namespace Refrain.Contracts;

/// <summary>What reading a request gave: the value, or everything that is wrong with it. <see cref="Malformed"/>: not even JSON, with the place.</summary>
public sealed record StrictBody<T>(T? Value, string? Malformed, IReadOnlyList<FieldError> Errors) where T : class;

/// <summary>Reads requests, and names all that is wrong with one.</summary>
public static class StrictJson
{
    /// <summary>Reads a whole body. An empty one is an object without members.</summary>
    public static StrictBody<T> Read<T>(ReadOnlyMemory<byte> utf8) where T : class
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (utf8.Span.StartsWith(mark)) utf8 = utf8[mark.Length..];
        if (utf8.Span.Trim(" \t\r\n"u8).IsEmpty) utf8 = "{}"u8.ToArray();
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var errors = Shape.Problems(document.RootElement, typeof(T));
            return errors.Count > 0 ? new(null, null, errors) : new(document.RootElement.Deserialize<T>(WireJson.Options), null, []);
        }
        catch (JsonException broken)
        {
            return new(null, Place(broken), []);
        }
    }

    private static string Place(JsonException broken)
    {
        var words = broken.Message;
        var tail = words.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"The body is not JSON. Line {broken.LineNumber + 1}, column {broken.BytePositionInLine + 1}: {(tail < 0 ? words : words[..tail])}";
    }
}
