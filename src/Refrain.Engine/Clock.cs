using NodaTime;

namespace Refrain.Engine;

internal static class Clock
{
    /// <summary>The current instant, to the millisecond: what both databases keep whole.</summary>
    public static Instant Now(this TimeProvider time) => Instant.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
