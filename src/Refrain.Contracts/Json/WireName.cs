using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrain.Contracts;

/// <summary>The names of enum members on the wire; the database stores the same.</summary>
public static class WireName
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<(Enum Value, string Name)>> Known = new();

    public static string Of<T>(T value) where T : struct, Enum => All(typeof(T)).First(one => one.Value.Equals(value)).Name;

    /// <summary>Throws for a name that is none: for text that was checked before.</summary>
    public static T Parse<T>(string name) where T : struct, Enum =>
        TryParse<T>(name, out var value) ? value : throw new FormatException($"\"{name}\" is no {typeof(T).Name}.");

    public static bool TryParse<T>(string? name, out T value) where T : struct, Enum
    {
        foreach (var (candidate, candidateName) in All(typeof(T)))
            if (candidateName == name)
            {
                value = (T)candidate;
                return true;
            }
        value = default;
        return false;
    }

    public static IReadOnlyList<string> All<T>() where T : struct, Enum => NamesOf(typeof(T));

    public static IReadOnlyList<string> NamesOf(Type type) => [.. All(type).Select(one => one.Name)];

    private static IReadOnlyList<(Enum Value, string Name)> All(Type type) => Known.GetOrAdd(type, Read);

    private static IReadOnlyList<(Enum Value, string Name)> Read(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (
            (Enum)field.GetValue(null)!,
            field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name)))];
}
