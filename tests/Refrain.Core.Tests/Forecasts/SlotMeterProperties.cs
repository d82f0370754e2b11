using CsCheck;
using NodaTime;
using Refrain.Core.Forecasts;
using Refrain.Core.Schedules;
using Refrain.Core.Throttles;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Forecasts;

/// <summary>What the forecast keeps for speed says what the slow original says.</summary>
public sealed class SlotMeterProperties
{
    private static readonly Instant Start = At("2027-01-04T00:00Z");

    [Fact]
    public void a_meter_counts_and_frees_like_the_budget() => Gen.Select(
        Gen.Int[1, 20], Gen.Int[1, 3], Gen.Int[0, 5], Gen.Int[0, 200].Array[1, 40]).Sample((cap, hours, reserved, waits) =>
        {
            var budget = RollingBudget.Empty(cap, Duration.FromHours(hours)) with { Accepted = [new(Start - Duration.FromMinutes(30), 3)], Reserved = reserved };
            var meter = new SlotMeter(new(budget), Start);
            budget = Enumerable.Range(0, reserved).Aggregate(budget with { Reserved = 0 }, (one, _) => one.Accept(Start));
            var now = Start;
            foreach (var wait in waits)
            {
                now += Duration.FromSeconds(wait * 11);
                meter.Used(now).ShouldBe(budget.Used(now));
                meter.FreeAt(now).ShouldBe(budget.ReleaseAt(1, now));
                if (budget.Free(now) == 0 && wait % 3 > 0)
                    continue;
                budget = budget.Accept(now);
                meter.Take(now);
            }
        },
        iter: 2_000);

    [Fact]
    public void hours_are_open_for_as_long_as_they_are_said_to_be_at_least() => Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 60 * 24 * 10]).Sample((zone, windows, weekdays, minute) =>
        {
            var schedule = Schedule(
                new[] { "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu" }[zone],
                new[] { "", "daily 09:00-17:00", "fri sat 22:00-02:30; sun 02:30-04:00", "daily 00:00-00:00" }[windows], weekdays, endsOn: "2027-11-05");
            var at = At("2027-10-27T00:00Z") + Duration.FromMinutes(minute);
            if (NextSlot.At(at, null, schedule) is not { } open)
                return;
            var until = NextSlot.OpenAtLeastUntil(open, schedule);
            until.ShouldBeGreaterThan(open);
            for (var look = open; look < until && look < open + Duration.FromDays(3); look += Duration.FromMinutes(1))
                NextSlot.IsOpen(look, schedule).ShouldBeTrue();
        },
        iter: 500);
}
