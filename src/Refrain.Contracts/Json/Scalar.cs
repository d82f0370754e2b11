using System.Globalization;
using System.Text.Json;

namespace Refrain.Contracts;

/// <summary>Whether a single JSON value is what a member wants, and if not, the words that follow the member's name.</summary>
internal static class Scalar
{
    private const int Shown = 60;

    public static (string Code, string Message)? Misfit(JsonElement value, Type type, OneOfAttribute? names)
    {
        if (type == typeof(string)) return OfText(value, names?.Names);
        if (type.IsEnum) return OfText(value, WireName.NamesOf(type));
        if (type == typeof(bool)) return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Wrong(value, "true or false");
        if (type == typeof(int)) return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int _) ? null : Wrong(value, "a whole number");
        if (type == typeof(DateTimeOffset)) return OfText(value, text => InstantConverter.TryParse(text, out _), "an instant like \"2027-01-04T09:30:00Z\"");
        if (type == typeof(DateOnly)) return OfText(value, IsDay, "a day like \"2027-01-04\"");
        if (type == typeof(TimeOnly)) return OfText(value, text => TimeOfDayConverter.TryParse(text, out _), "a time of day like \"09:30\"");
        return null;
    }

    /// <summary>Null for a name that is no valid Unicode.</summary>
    public static string? NameOf(JsonProperty member) => Readable(() => member.Name);

    public static string Described(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => Readable(value.GetString) is { } text ? $"\"{Cut(text)}\"" : "text that is not valid Unicode",
        JsonValueKind.Null => "null",
        JsonValueKind.Undefined or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => Cut(value.GetRawText()),
        _ => value.ValueKind.ToString(),
    };

    private static (string, string)? OfText(JsonElement value, IReadOnlyList<string>? allowed)
    {
        if (value.ValueKind != JsonValueKind.String)
            return Wrong(value, allowed is null ? "text" : $"one of {string.Join(", ", allowed)}");
        if (Readable(value.GetString) is not { } text) return ("invalid_text", "is not valid Unicode text, or holds the character U+0000.");
        return allowed is null || allowed.Contains(text) ? null : ("invalid_value", $"must be one of {string.Join(", ", allowed)}, not {Described(value)}.");
    }

    private static (string, string)? OfText(JsonElement value, Func<string, bool> fits, string wanted)
    {
        if (value.ValueKind != JsonValueKind.String) return Wrong(value, wanted);
        return Readable(value.GetString) is { } text && fits(text) ? null : ("invalid_value", $"must be {wanted}, not {Described(value)}.");
    }

    private static (string, string) Wrong(JsonElement value, string wanted) => ("wrong_type", $"must be {wanted}, not {Described(value)}.");

    private static bool IsDay(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    // Half a surrogate pair and bytes that are no UTF-8 pass the parser and throw here; U+0000 cannot be stored by PostgreSQL.
    private static string? Readable(Func<string?> read)
    {
        try
        {
            var text = read();
            return text is null || text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Cut(string text) => text.Length <= Shown ? text : text[..Shown] + "…";
}
