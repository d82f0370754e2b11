using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>
/// Hours in which steps may happen, by the wall clock of the schedule's zone: from <paramref name="From"/> (inclusive)
/// to <paramref name="To"/> (exclusive), on each of <paramref name="Days"/>.
/// A window whose end is not later than its start crosses midnight and belongs to the day it starts on;
/// an end of 00:00 is the end of the day, so 00:00 to 00:00 is the whole day.
/// </summary>
public sealed record SendWindow(IReadOnlySet<IsoDayOfWeek> Days, LocalTime From, LocalTime To)
{
    internal LocalDateTime StartOn(LocalDate day) => day + From;

    internal LocalDateTime EndOn(LocalDate day) => (To > From ? day : day.PlusDays(1)) + To;
}
