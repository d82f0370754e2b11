using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

public sealed class FairQueueTests
{
    private const int Busy = 250;
    private static readonly Instant Monday = Instant.FromUtc(2027, 1, 4, 9, 0);

    [Fact]
    public void nobody_waits_nobody_goes() => FairQueue.Empty.Next([], Busy).ShouldBeNull();

    [Theory]
    [InlineData(Busy, "FffFffFffF")]
    [InlineData(5, "FfFfFfFfFf")] // 30 % of five is two of five
    public void first_steps_that_wait_have_their_share(int slotsInLastDay, string order) =>
        Kinds(Serve(FairQueue.Empty, 10, slotsInLastDay, FollowUps(1), FirstSteps(1))).ShouldBe(order);

    [Fact]
    public void either_kind_has_all_slots_while_the_other_does_not_wait()
    {
        Kinds(Serve(FairQueue.Empty, 4, Busy, FollowUps(1))).ShouldBe("ffff");
        Kinds(Serve(FairQueue.Empty, 4, Busy, FirstSteps(1))).ShouldBe("FFFF");
    }

    [Fact]
    public void sequences_share_by_weight() =>
        Sequences(Serve(FairQueue.Empty, 40, Busy, FollowUps(1, weight: 3), FollowUps(2)), 1).ShouldBe(30);

    [Fact]
    public void a_new_sequence_takes_its_share_and_does_not_starve_the_old_one()
    {
        var queue = Serve(FairQueue.Empty, 1000, Busy, FirstSteps(1)).Queue;
        Sequences(Serve(queue, 10, Busy, FirstSteps(1), FirstSteps(2)), 2).ShouldBe(5);
    }

    [Fact]
    public void who_did_not_wait_has_no_credit()
    {
        var both = Serve(FairQueue.Empty, 10, Busy, FollowUps(1), FollowUps(2)).Queue;
        var alone = Serve(both, 100, Busy, FollowUps(1)).Queue;
        Sequences(Serve(alone, 10, Busy, FollowUps(1), FollowUps(2)), 2).ShouldBe(5);
    }

    [Fact]
    public void equals_go_in_the_order_of_their_waiting()
    {
        var later = FollowUps(1) with { Since = Monday + Duration.FromHours(1) };
        FairQueue.Empty.Next([later, FollowUps(2)], Busy)!.Lane.ShouldBe(FollowUps(2).Lane);
        FairQueue.Empty.Next([FollowUps(2), later], Busy)!.Lane.ShouldBe(FollowUps(2).Lane);
    }

    [Fact]
    public void a_slot_given_back_is_as_if_never_had()
    {
        WaitingLane[] waiting = [FollowUps(1), FollowUps(2), FirstSteps(1)];
        var first = FairQueue.Empty.Next(waiting, Busy)!;
        var again = first.Queue.GiveBack(FirstSteps(1)).Next(waiting, Busy)!;
        again.Lane.ShouldBe(FirstSteps(1).Lane);
        var followUp = again.Queue.Next(waiting, Busy)!;
        followUp.Queue.GiveBack(FollowUps(1)).Next(waiting, Busy)!.Lane.ShouldBe(followUp.Lane);
    }

    private static (List<Lane> Lanes, FairQueue Queue) Serve(FairQueue queue, int slots, int slotsInLastDay, params WaitingLane[] waiting)
    {
        var lanes = new List<Lane>();
        for (; slots > 0; slots--)
        {
            var grant = queue.Next(waiting, slotsInLastDay)!;
            lanes.Add(grant.Lane);
            queue = grant.Queue;
        }
        return (lanes, queue);
    }

    private static string Kinds((List<Lane> Lanes, FairQueue Queue) served) =>
        string.Concat(served.Lanes.Select(lane => lane.Kind == SlotKind.FirstStep ? 'F' : 'f'));

    private static int Sequences((List<Lane> Lanes, FairQueue Queue) served, byte sequence) =>
        served.Lanes.Count(lane => lane.Sequence == Id(sequence));

    private static WaitingLane FollowUps(byte sequence, int weight = 1) => new(new(Id(sequence), SlotKind.FollowUp), weight, Monday);

    private static WaitingLane FirstSteps(byte sequence) => new(new(Id(sequence), SlotKind.FirstStep), 1, Monday);

    private static SequenceId Id(byte number) => new(new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number));
}
