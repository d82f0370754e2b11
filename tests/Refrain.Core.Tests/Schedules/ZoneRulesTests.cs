using NodaTime;
using Refrain.Core.Schedules;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Schedules;

public sealed class ZoneRulesTests
{
    [Theory]
    [InlineData("Europe/Berlin", 2027, 3, 28, 2, 59, "2027-03-28T01:00Z")]
    [InlineData("Europe/Berlin", 2027, 10, 31, 2, 0, "2027-10-31T00:00Z")]
    [InlineData("Europe/Berlin", 2027, 10, 31, 3, 0, "2027-10-31T02:00Z")]
    [InlineData("Pacific/Apia", 2011, 12, 30, 12, 0, "2011-12-30T10:00Z")]
    public void a_wall_time_stands_for_one_instant(string zone, int year, int month, int day, int hour, int minute, string instant) =>
        Text(ZoneRules.ToInstant(new LocalDateTime(year, month, day, hour, minute), Zone(zone))).ShouldBe(instant);
}
