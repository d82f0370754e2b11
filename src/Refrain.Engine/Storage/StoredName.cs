using System.Collections.Concurrent;
using System.Text.Json;

namespace Refrain.Engine.Storage;

/// <summary>Names of enum members in the database: snake case. The CHECK constraints list them, so a renamed member fails at its first write.</summary>
internal static class StoredName
{
    private static readonly ConcurrentDictionary<Enum, string> Names = new();

    public static string Of<T>(T value) where T : struct, Enum => Names.GetOrAdd(value, member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString()));

    public static T Parse<T>(string name) where T : struct, Enum => Members<T>.ByName[name];

    private static class Members<T> where T : struct, Enum
    {
        public static readonly IReadOnlyDictionary<string, T> ByName = Enum.GetValues<T>().ToDictionary(value => Of(value), StringComparer.Ordinal);
    }
}
