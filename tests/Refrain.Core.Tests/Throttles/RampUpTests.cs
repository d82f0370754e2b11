using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

public sealed class RampUpTests
{
    private static readonly LocalDate Start = new(2027, 1, 4);
    private static readonly RampUp Ramp = new(Start, First: 10, PerDay: 5, Full: 50);

    [Theory]
    [InlineData(-3, 10)]
    [InlineData(0, 10)]
    [InlineData(1, 15)]
    [InlineData(7, 45)]
    [InlineData(8, 50)]
    [InlineData(3_000, 50)]
    public void the_cap_grows_by_day_up_to_the_full_one(int day, int cap) => Ramp.CapOn(Start.PlusDays(day)).ShouldBe(cap);

    [Fact]
    public void the_day_of_the_full_cap_is_the_first_that_has_it()
    {
        var full = (Ramp with { PerDay = 7 }).FullOn();
        full.ShouldBe(Start.PlusDays(6));
        (Ramp with { PerDay = 7 }).CapOn(Start.PlusDays(6)).ShouldBe(50);
        (Ramp with { PerDay = 7 }).CapOn(Start.PlusDays(5)).ShouldBeLessThan(50);
    }

    [Fact]
    public void a_ramp_that_does_not_grow_never_gets_there() => (Ramp with { PerDay = 0 }).FullOn().ShouldBeNull();

    [Fact]
    public void a_ramp_that_begins_above_the_full_cap_stays_at_it()
    {
        (Ramp with { First = 80 }).CapOn(Start).ShouldBe(50);
        (Ramp with { First = 80 }).FullOn().ShouldBe(Start);
    }
}
