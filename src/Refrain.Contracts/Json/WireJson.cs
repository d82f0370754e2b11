using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Refrain.Contracts;

/// <summary>How every record of this project is written and read: camelCase members, snake_case values, nothing guessed and nothing ignored.</summary>
public static class WireJson
{
    /// <summary>Strict: an unknown or doubled member, a missing required one, or null where none is allowed is an error.</summary>
    public static JsonSerializerOptions Options { get; } = Frozen(strict: true);

    /// <summary>For readers of answers: members that a newer server added are passed over.</summary>
    public static JsonSerializerOptions Tolerant { get; } = Frozen(strict: false);

    public static void Configure(JsonSerializerOptions options, bool strict = true)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.RespectNullableAnnotations = strict;
        options.RespectRequiredConstructorParameters = strict;
        options.AllowDuplicateProperties = !strict;
        options.UnmappedMemberHandling = strict ? JsonUnmappedMemberHandling.Disallow : JsonUnmappedMemberHandling.Skip;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new TimeOfDayConverter());
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
    }

    private static JsonSerializerOptions Frozen(bool strict)
    {
        var options = new JsonSerializerOptions();
        Configure(options, strict);
        options.MakeReadOnly();
        return options;
    }
}
