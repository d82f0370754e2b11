using CsCheck;
using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

public sealed class RollingBudgetTests
{
    private static readonly Duration Day = Duration.FromHours(24);
    private static readonly Instant Noon = Instant.FromUtc(2027, 1, 4, 12, 0);

    [Fact]
    public void a_slot_is_free_again_when_its_minute_has_ended_and_the_window_has_passed()
    {
        var budget = RollingBudget.Empty(1, Day).Accept(Noon + Duration.FromSeconds(7));
        var free = Noon + Day + Duration.FromMinutes(1);
        budget.Free(free - Duration.Epsilon).ShouldBe(0);
        budget.Free(free).ShouldBe(1);
        budget.ReleaseAt(1, Noon + Duration.FromHours(1)).ShouldBe(free);
    }

    [Fact]
    public void reserved_slots_count_and_are_told()
    {
        var budget = new RollingBudget(50, Day, [new(Noon, 48)], Reserved: 2);
        budget.Free(Noon).ShouldBe(0);
        budget.Usage(Noon).ShouldBe("50 of 50");
        (budget with { Reserved = 1 }).Free(Noon).ShouldBe(1); // given back on refusal
    }

    [Fact]
    public void positions_are_released_in_the_order_in_which_slots_were_taken()
    {
        var hour = Duration.FromHours(1);
        var budget = new RollingBudget(4, Day, [new(Noon, 2), new(Noon + hour, 1)], Reserved: 1);
        var now = Noon + (2 * hour);
        var minute = Duration.FromMinutes(1);
        Releases(budget, now, 4).ShouldBe([Noon + Day + minute, Noon + Day + minute, Noon + hour + Day + minute, now + Day + minute]);
        budget.ReleaseAt(5, now).ShouldBe(Noon + (2 * (Day + minute))); // behind the first, a window later
        budget.ReleaseAt(13, now).ShouldBe(Noon + (4 * (Day + minute)));
    }

    [Fact]
    public void free_slots_are_released_now()
    {
        var budget = new RollingBudget(4, Day, [new(Noon, 2)], 0);
        var now = Noon + Duration.FromMinutes(5);
        Releases(budget, now, 3).ShouldBe([now, now, Noon + Day + Duration.FromMinutes(1)]);
    }

    [Fact]
    public void a_lowered_cap_frees_nothing_until_its_use_is_below_it()
    {
        var budget = new RollingBudget(1, Day, [new(Noon, 1), new(Noon + Duration.FromHours(1), 1)], 0);
        budget.Usage(Noon).ShouldBe("2 of 1");
        budget.ReleaseAt(1, Noon + Duration.FromHours(2)).ShouldBe(Noon + Duration.FromHours(25) + Duration.FromMinutes(1));
    }

    [Fact]
    public void an_hourly_cap_is_the_same_over_an_hour()
    {
        var budget = RollingBudget.Empty(1, Duration.FromHours(1)).Accept(Noon);
        budget.ReleaseAt(1, Noon).ShouldBe(Noon + Duration.FromMinutes(61));
    }

    [Fact]
    public void a_cap_below_one_releases_nobody() => RollingBudget.Empty(0, Day).ReleaseAt(1, Noon).ShouldBeNull();

    [Fact]
    public void no_window_ever_sees_more_than_the_cap() => Gen.Select(Gen.Int[1, 8], Gen.Int[1, 90].Array[1, 80]).Sample(
        (cap, gaps) =>
        {
            var window = Duration.FromMinutes(30);
            var budget = RollingBudget.Empty(cap, window);
            var sent = new List<Instant>();
            var now = Noon;
            foreach (var gap in gaps)
            {
                now += Duration.FromSeconds(gap);
                if (budget.Free(now) == 0)
                    continue;
                budget = budget.Accept(now);
                sent.Add(now);
            }
            return sent.All(last => sent.Count(at => at > last - window && at <= last) <= cap);
        },
        iter: 2000);

    [Fact]
    public void who_takes_his_slot_when_it_was_predicted_finds_it_free_and_no_earlier() => Gen.Select(Gen.Int[1, 6], Gen.Int[0, 400].Array[0, 12], Gen.Int[0, 3], Gen.Int[1, 20]).Sample(
        (cap, minutes, reserved, waiting) =>
        {
            var window = Duration.FromMinutes(60);
            var now = Noon + Duration.FromMinutes(400);
            var counts = minutes.CountBy(minute => minute).OrderBy(pair => pair.Key).Select(pair => new MinuteCount(Noon + Duration.FromMinutes(pair.Key), pair.Value));
            var budget = new RollingBudget(cap, window, counts.ToList(), reserved);
            var predicted = Releases(budget, now, waiting);
            for (; reserved > 0; reserved--)
                budget = budget.Accept(now) with { Reserved = reserved - 1 };
            var latest = now;
            foreach (var at in predicted.Select(release => release!.Value))
            {
                if (budget.Free(at) == 0 || (at > latest && budget.Free(at - Duration.FromSeconds(1)) > 0))
                    return false;
                (budget, latest) = (budget.Accept(at), at);
            }
            return true;
        },
        iter: 5000);

    private static List<Instant?> Releases(RollingBudget budget, Instant now, int count) =>
        [.. Enumerable.Range(1, count).Select(position => budget.ReleaseAt(position, now))];
}
