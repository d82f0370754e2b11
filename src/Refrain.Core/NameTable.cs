namespace Refrain.Core;

/// <summary>Reads back the wire names of an enum; built from the switch that writes them, so the two cannot disagree.</summary>
internal sealed class NameTable<T>(Func<T, string> wireName) where T : struct, Enum
{
    private readonly Dictionary<string, T> _byName = Enum.GetValues<T>().ToDictionary(wireName, StringComparer.Ordinal);

    public bool TryParse(string? name, out T value) => _byName.TryGetValue(name ?? "", out value);
}
