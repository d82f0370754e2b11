using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Tests.Schedules;

namespace Refrain.Core.Tests.Virtual;

/// <summary>The slow look at the wall clock, at instants that lie within a minute: windows begin and end on whole minutes.</summary>
internal static class SlotLook
{
    public static bool IsOpen(Instant at, Schedule schedule) => SlotOracle.IsOpen(Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / 60 * 60), schedule);
}
