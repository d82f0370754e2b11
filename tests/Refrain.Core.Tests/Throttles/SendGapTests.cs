using CsCheck;
using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

public sealed class SendGapTests
{
    private static readonly Instant Last = Instant.FromUtc(2027, 1, 4, 12, 0);

    [Fact]
    public void without_jitter_the_gap_is_exact() =>
        new SendGap(Duration.FromSeconds(90), Duration.Zero).NextAfter(Last, 7).ShouldBe(Last + Duration.FromSeconds(90));

    [Fact]
    public void the_same_seed_gives_the_same_instant_at_every_look_inside_the_jitter() => Gen.Long.Sample(seed =>
    {
        var gap = new SendGap(Duration.FromSeconds(60), Duration.FromSeconds(30));
        var next = gap.NextAfter(Last, seed);
        return next == gap.NextAfter(Last, seed) && next >= Last + gap.Minimum && next < Last + gap.Minimum + gap.Jitter;
    });

    [Fact]
    public void seeds_that_follow_one_another_spread_evenly()
    {
        var tenths = Enumerable.Range(0, 10_000).CountBy(seed => (int)(SendGap.Fraction(seed) * 10)).ToDictionary();
        tenths.Count.ShouldBe(10);
        tenths.Values.ShouldAllBe(count => count > 850 && count < 1150);
    }
}
