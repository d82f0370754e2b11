using CsCheck;
using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

public sealed class SendLimitTests
{
    private static readonly Duration Day = Duration.FromHours(24);
    private static readonly Duration Minute = Duration.FromMinutes(1);
    private static readonly Instant Noon = Instant.FromUtc(2027, 1, 4, 12, 0);

    [Fact]
    public void a_slot_is_free_again_when_its_minute_has_ended_and_the_window_has_passed()
    {
        var limit = Limit(1, Day);
        limit.Count(Noon + Duration.FromSeconds(7));
        var free = Noon + Day + Minute;
        ReleaseAt(limit, 1, Noon + Duration.FromHours(1)).ShouldBe(free);
        limit.Free(free - Duration.Epsilon).ShouldBe(0);
        limit.Free(free).ShouldBe(1);
    }

    [Fact]
    public void a_promise_counts_until_it_is_given_back()
    {
        var limit = Limit(50, Day, (0, 48));
        limit.Count(Noon + Minute);
        limit.Count(Noon + Minute);
        limit.Free(Noon).ShouldBe(0);
        limit.Use(Noon, before: 0).ShouldSatisfyAllConditions(use => use.Used.ShouldBe(50), use => use.Limit.ShouldBe(50));
        limit.Return(Noon + Minute);
        limit.Free(Noon).ShouldBe(1);
    }

    [Fact]
    public void positions_are_released_in_the_order_in_which_slots_were_taken()
    {
        var hour = Duration.FromHours(1);
        var now = Noon + (2 * hour);
        var limit = Limit(4, Day, (0, 2), (60, 1));
        limit.Count(now);
        Releases(limit, now, 4).ShouldBe([Noon + Day + Minute, Noon + Day + Minute, Noon + hour + Day + Minute, now + Day + Minute]);
        ReleaseAt(limit, 5, now).ShouldBe(Noon + (2 * (Day + Minute)), "behind the first, a window later");
        ReleaseAt(limit, 13, now).ShouldBe(Noon + (4 * (Day + Minute)));
    }

    [Fact]
    public void free_slots_are_released_now()
    {
        var now = Noon + Duration.FromMinutes(5);
        Releases(Limit(4, Day, (0, 2)), now, 3).ShouldBe([now, now, Noon + Day + Minute]);
    }

    [Fact]
    public void a_lowered_cap_frees_nothing_until_its_use_is_below_it()
    {
        var limit = Limit(1, Day, (0, 1), (60, 1));
        limit.Use(Noon, before: 0).Used.ShouldBe(2);
        ReleaseAt(limit, 1, Noon + Duration.FromHours(2)).ShouldBe(Noon + Duration.FromHours(25) + Minute);
    }

    [Fact]
    public void an_hourly_cap_is_the_same_over_an_hour() =>
        ReleaseAt(Limit(1, Duration.FromHours(1), (0, 1)), 1, Noon).ShouldBe(Noon + Duration.FromMinutes(61));

    [Fact]
    public void no_window_ever_sees_more_than_the_cap() => Gen.Select(Gen.Int[1, 8], Gen.Int[1, 90].Array[1, 80]).Sample(
        (cap, gaps) =>
        {
            var window = Duration.FromMinutes(30);
            var limit = Limit(cap, window);
            var sent = new List<Instant>();
            var now = Noon;
            foreach (var gap in gaps)
            {
                now += Duration.FromSeconds(gap);
                if (limit.Free(now) == 0)
                    continue;
                limit.Count(now);
                sent.Add(now);
            }
            return sent.All(last => sent.Count(at => at > last - window && at <= last) <= cap);
        },
        iter: 2000);

    [Fact]
    public void who_takes_his_slot_when_it_was_predicted_finds_it_free_and_no_earlier() => Gen.Select(Gen.Int[1, 6], Gen.Int[0, 400].Array[0, 12], Gen.Int[1, 20]).Sample(
        (cap, minutes, waiting) =>
        {
            var now = Noon + Duration.FromMinutes(400);
            var counts = minutes.CountBy(minute => minute).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)).ToArray();
            var limit = Limit(cap, Duration.FromMinutes(60), counts);
            var latest = now;
            foreach (var at in Releases(limit, now, waiting).Select(release => release!.Value))
            {
                var early = at > latest && limit.Free(at - Duration.FromSeconds(1)) > 0;
                if (early || limit.Free(at) == 0)
                    return false;
                limit.Count(at);
                latest = at;
            }
            return true;
        },
        iter: 5000);

    [Fact]
    public void what_an_instant_ahead_finds_taken_is_what_is_then_taken() => Gen.Select(Gen.Int[0, 200].Array[0, 20], Gen.Int[0, 200], Gen.Int[0, 200]).Sample(
        (minutes, ask, ahead) =>
        {
            var counts = minutes.CountBy(minute => minute).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)).ToArray();
            var (limit, now) = (Limit(9, Duration.FromMinutes(60), counts), Noon + Duration.FromMinutes(ask));
            limit.Used(now);
            var later = now + Duration.FromMinutes(ahead);
            var known = minutes.Where(minute => Noon + Duration.FromMinutes(minute) + Duration.FromMinutes(61) > later).ToList();
            limit.UsedAt(later, withPromisesAfter: true).ShouldBe(known.Count);
            limit.UsedAt(later, withPromisesAfter: false).ShouldBe(known.Count(minute => Noon + Duration.FromMinutes(minute) <= later));
        },
        iter: 2000);

    private static SendLimit Limit(int cap, Duration window, params (int Minute, int Count)[] counts) =>
        new("some", cap, window, counts.Select(one => new MinuteCount(Noon + Duration.FromMinutes(one.Minute), one.Count)));

    private static Instant? ReleaseAt(SendLimit limit, int position, Instant now) => limit.Use(now, position - 1).ReleaseAt;

    private static List<Instant?> Releases(SendLimit limit, Instant now, int count) =>
        [.. Enumerable.Range(1, count).Select(position => ReleaseAt(limit, position, now))];
}
