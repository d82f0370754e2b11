using CsCheck;
using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

/// <summary>Days of random arrivals under a rolling cap, served minute by minute.</summary>
public sealed class FairQueueProperties
{
    private const int Lanes = 6;
    private static readonly Duration Day = Duration.FromHours(24);
    private static readonly Instant Start = Instant.FromUtc(2027, 1, 4, 0, 0);

    /// <summary>Numbers that join a lane at a quarter of an hour.</summary>
    private sealed record Arrival(int Quarter, int Lane, int Count);

    /// <summary>A slot that was had.</summary>
    /// <param name="Missed">How many slots of its kind went to others since the lane last had one, while it waited.</param>
    private sealed record Served(Instant At, Lane Lane, bool FirstStepsWaited, int Missed);

    private static readonly Gen<(int Cap, int[] Weights, Arrival[] Arrivals)> Cases = Gen.Select(
        Gen.Int[2, 60],
        Gen.Int[1, 4].Array[Lanes],
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, Lanes - 1], Gen.Int[1, 60]).Select((quarter, lane, count) => new Arrival(quarter, lane, count)).Array[1, 40]);

    [Fact]
    public void first_steps_have_thirty_percent_of_any_day_in_which_they_wait() => Cases.Sample(
        (cap, weights, arrivals) =>
        {
            var served = Serve(cap, weights, arrivals);
            return served.All(last => IsFair(served.Where(one => one.At > last.At - Day && one.At <= last.At).ToList(), last.At));
        },
        iter: 300);

    [Fact]
    public void no_lane_waits_longer_than_its_weight_allows() => Cases.Sample(
        (cap, weights, arrivals) => Serve(cap, weights, arrivals).All(one =>
        {
            var kind = Enumerable.Range(0, Lanes).Where(lane => LaneOf(lane).Kind == one.Lane.Kind).ToList();
            var weight = weights[kind.Single(lane => LaneOf(lane) == one.Lane)];
            return one.Missed <= kind.Sum(lane => (weights[lane] / weight) + 1);
        }),
        iter: 300);

    [Fact]
    public void everybody_who_waits_goes_and_the_order_is_the_same_every_time() => Cases.Sample(
        (cap, weights, arrivals) =>
        {
            var served = Serve(cap, weights, arrivals);
            var expected = Math.Min(arrivals.Sum(arrival => arrival.Count), cap);
            return served.Count >= expected && served.SequenceEqual(Serve(cap, weights, arrivals));
        },
        iter: 100);

    private static bool IsFair(List<Served> day, Instant end)
    {
        var waitedAllDay = end - Day >= Start && day.TrueForAll(one => one.FirstStepsWaited);
        return !waitedAllDay || day.Count < 2 || day.Count(one => one.Lane.Kind == SlotKind.FirstStep) >= 0.3 * day.Count;
    }

    private static List<Served> Serve(int cap, int[] weights, Arrival[] arrivals)
    {
        var (waiting, missed, since) = (new int[Lanes], new int[Lanes], new Instant[Lanes]);
        var (queue, limit, served) = (FairQueue.Empty, new SendLimit(LimitNames.MailboxDaily, cap, Day, []), new List<Served>());
        for (var quarter = 0; quarter < 4 * 24 * 4; quarter++)
        {
            var now = Start + Duration.FromMinutes(15 * quarter);
            foreach (var arrival in arrivals.Where(arrival => arrival.Quarter == quarter))
            {
                since[arrival.Lane] = waiting[arrival.Lane] == 0 ? now : since[arrival.Lane];
                waiting[arrival.Lane] += arrival.Count;
            }
            // At most two in a quarter, so that days overlap in all ways.
            for (var slot = 0; slot < 2 && limit.Free(now) > 0; slot++)
            {
                var lanes = Enumerable.Range(0, Lanes).Where(lane => waiting[lane] > 0).ToList();
                var grant = queue.Next(lanes.ConvertAll(lane => new WaitingLane(LaneOf(lane), weights[lane], since[lane])), limit.Used(now));
                if (grant is null)
                    break;
                var chosen = lanes.Single(lane => LaneOf(lane) == grant.Lane);
                served.Add(new(now, grant.Lane, lanes.Exists(lane => LaneOf(lane).Kind == SlotKind.FirstStep), missed[chosen]));
                foreach (var lane in lanes.Where(lane => LaneOf(lane).Kind == grant.Lane.Kind))
                    missed[lane]++;
                missed[chosen] = 0;
                waiting[chosen]--;
                queue = grant.Queue;
                limit.Count(now);
            }
        }
        return served;
    }

    private static Lane LaneOf(int lane) =>
        new(new SequenceId(new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(lane / 2))), lane % 2 == 0 ? SlotKind.FollowUp : SlotKind.FirstStep);
}
