using NodaTime;
using NodaTime.TimeZones;

namespace Refrain.Core.Schedules;

/// <summary>What a wall time means on the two days a year on which the clock changes, by name.</summary>
public static class ZoneRules
{
    /// <summary>A wall time in a spring gap moves forward to the first instant after the gap.</summary>
    public static SkippedTimeResolver SkippedTimeMovesForward { get; } = Resolvers.ReturnStartOfIntervalAfter;

    /// <summary>A wall time that the clock shows twice in autumn is taken once: the earlier.</summary>
    public static AmbiguousTimeResolver AmbiguousTimeIsTakenOnceTheEarlier { get; } = Resolvers.ReturnEarlier;

    private static readonly ZoneLocalMappingResolver WallTime =
        Resolvers.CreateMappingResolver(AmbiguousTimeIsTakenOnceTheEarlier, SkippedTimeMovesForward);

    /// <summary>The one instant that a wall time in a zone stands for, by both rules.</summary>
    public static Instant ToInstant(LocalDateTime wallTime, DateTimeZone zone) => ToInstant(zone.MapLocal(wallTime));

    internal static Instant ToInstant(ZoneLocalMapping mapping) => WallTime(mapping).ToInstant();
}
