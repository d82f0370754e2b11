using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Refrain.Contracts;

/// <summary>
/// Compares JSON with the record that it shall become, and names everything that does not fit. The serialiser alone stops at the first misfit and
/// does not say what would be allowed.
/// </summary>
internal sealed class Shape
{
    private const int Most = 100;
    private readonly List<FieldError> errors = [];

    public static IReadOnlyList<FieldError> Problems(JsonElement root, Type type)
    {
        var shape = new Shape();
        shape.Check(root, type, "", null);
        return shape.errors.Count <= Most ? shape.errors : shape.errors[..Most];
    }

    private void Check(JsonElement value, Type type, string path, OneOfAttribute? names)
    {
        if (errors.Count > Most) return;
        var expected = WireJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (expected.Kind)
        {
            case JsonTypeInfoKind.Object when Is(value, JsonValueKind.Object, path, "an object"):
                CheckMembers(value, expected, path);
                break;
            case JsonTypeInfoKind.Dictionary when Is(value, JsonValueKind.Object, path, "an object"):
                CheckEntries(value, expected.ElementType!, path);
                break;
            case JsonTypeInfoKind.Enumerable when Is(value, JsonValueKind.Array, path, "a list"):
                CheckElements(value, expected.ElementType!, path);
                break;
            case JsonTypeInfoKind.None when Scalar.Misfit(value, expected.Type, names) is { } misfit:
                Add(path, misfit.Code, $"{Named(path)} {misfit.Message}");
                break;
        }
    }

    private void CheckMembers(JsonElement value, JsonTypeInfo expected, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, inner) in Members(value, path))
        {
            var place = Join(path, name);
            if (!seen.Add(name))
                Add(place, "repeated_member", $"\"{name}\" is given more than once.");
            else if (expected.Properties.FirstOrDefault(property => property.Name == name) is not { } member)
                Add(place, "unknown_member", $"\"{name}\" is not a member here. Allowed: {string.Join(", ", expected.Properties.Select(property => property.Name))}.");
            else
                CheckMember(inner, member, place);
        }
        foreach (var member in expected.Properties)
            if (IsRequired(member) && !seen.Contains(member.Name))
                Add(Join(path, member.Name), "required", $"\"{member.Name}\" is missing.");
    }

    private void CheckMember(JsonElement value, JsonPropertyInfo member, string path)
    {
        if (value.ValueKind != JsonValueKind.Null)
            Check(value, member.PropertyType, path, Names(member));
        else if (!MayBeNull(member))
            Add(path, "null_not_allowed", $"{Named(path)} must not be null.");
    }

    private void CheckEntries(JsonElement value, Type type, string path)
    {
        foreach (var (name, inner) in Members(value, path)) CheckGiven(inner, type, Join(path, name));
    }

    private void CheckElements(JsonElement value, Type type, string path)
    {
        var index = 0;
        foreach (var inner in value.EnumerateArray()) CheckGiven(inner, type, $"{path}[{index++}]");
    }

    private void CheckGiven(JsonElement value, Type type, string path)
    {
        if (value.ValueKind == JsonValueKind.Null) Add(path, "null_not_allowed", $"{Named(path)} must not be null.");
        else Check(value, type, path, null);
    }

    private IEnumerable<(string Name, JsonElement Value)> Members(JsonElement value, string path)
    {
        foreach (var member in value.EnumerateObject())
            if (Scalar.NameOf(member) is { } name) yield return (name, member.Value);
            else Add(path, "invalid_text", "A member's name is not valid Unicode text.");
    }

    private bool Is(JsonElement value, JsonValueKind kind, string path, string wanted)
    {
        if (value.ValueKind == kind) return true;
        Add(path, "wrong_type", $"{Named(path)} must be {wanted}, not {Scalar.Described(value)}.");
        return false;
    }

    private void Add(string field, string code, string message) => errors.Add(new(field, code, message));

    private static bool IsRequired(JsonPropertyInfo member) => member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false };

    private static bool MayBeNull(JsonPropertyInfo member) => member.AssociatedParameter?.IsNullable ?? member.IsSetNullable;

    private static OneOfAttribute? Names(JsonPropertyInfo member) =>
        member.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), inherit: true).OfType<OneOfAttribute>().FirstOrDefault();

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Named(string path) => path.Length == 0 ? "The body" : path;
}
