using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>Whether a day is the last of a span whose first day is a mere number: "22 to 26 August", "du 5 au 16 août".</summary>
internal static class SpanEnds
{
    private const int Widest = 24;
    private static readonly PhraseSet Connectors = new(DateCues.File["range between two dates"]);

    public static bool At(string text, int start)
    {
        var from = Math.Max(0, start - Widest);
        var before = text.AsSpan(from, start - from);
        var number = before.LastIndexOfAnyInRange('0', '9');
        if (number < 0) return false;
        var between = before[(number + 1)..].TrimStart(".stndrhe:aº ").Trim();
        return between.Length == 0 ? false : IsConnector(between) || IsConnector(before[(number + 1)..].TrimStart('.').Trim());
    }

    public static bool IsConnector(ReadOnlySpan<char> between) => Connectors.Find(between, 0) is { Index: 0 } hit && hit.Length == between.Length;
}
