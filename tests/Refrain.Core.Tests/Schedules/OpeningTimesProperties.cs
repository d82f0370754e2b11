using CsCheck;
using NodaTime;
using Refrain.Core.Schedules;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Schedules;

/// <summary>What is remembered says what a fresh look says.</summary>
public sealed class OpeningTimesProperties
{
    private static readonly Instant Start = At("2027-10-27T00:00Z");

    [Fact]
    public void a_remembered_look_is_the_same_as_a_fresh_one_at_whatever_instants_it_is_asked() => Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, Gen.Bool, Gen.Int[0, 60 * 24 * 12].Array[1, 40]).Sample((zone, windows, weekdays, ends, minutes) =>
        {
            var schedule = Schedule(
                new[] { "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu" }[zone],
                new[] { "", "daily 09:00-17:00", "fri sat 22:00-02:30; sun 02:30-04:00", "daily 00:00-00:00" }[windows], weekdays, endsOn: ends ? "2027-11-05" : null);
            var times = new OpeningTimes(schedule);
            foreach (var at in minutes.Select(minute => Start + Duration.FromMinutes(minute)))
            {
                times.NextOpen(at).ShouldBe(NextSlot.At(at, null, schedule));
                times.IsOpen(at).ShouldBe(NextSlot.IsOpen(at, schedule));
                if (times.Ends is { } end)
                    times.NextOpen(at).HasValue.ShouldBe(at < end);
                if (times.IsOpen(at))
                    times.Closes(at).ShouldBe(new OpeningTimes(schedule).Closes(at));
            }
        },
        iter: 1_000);
}
