using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Forecasts;

/// <summary>All that a forecast knows: nothing in it is looked up later. It is used up by one run.</summary>
/// <param name="Now">When the virtual clock starts.</param>
/// <param name="Days">The zone whose calendar days are counted: the sequence's.</param>
/// <param name="Subject">The sequence that is asked about. Others only compete with it for slots.</param>
/// <param name="Desks">The throttles of the users who send it, with nobody waiting in their lanes.</param>
/// <param name="Runs">What waits already, and who is to be enrolled.</param>
public sealed record ForecastPlan(Instant Now, DateTimeZone Days, SequenceId Subject, IReadOnlyList<SlotDesk> Desks, IReadOnlyList<OutlookRun> Runs);
