using CsCheck;
using NodaTime;
using Refrain.Core.Enrollments;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>The invariants over random lives; the world checks them after every signal.</summary>
public sealed class RandomLivesTests
{
    [Fact]
    public void no_life_breaks_an_invariant() =>
        Gen.Select(RandomLives.Sequences, RandomLives.Events.Array[1, 60]).Sample((sequence, events) => Live(new(sequence, Stage.Now), events), iter: 30_000);

    [Fact]
    public void lives_reach_every_state_that_is_no_rejection()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<EnrollmentState, bool>();
        Gen.Select(RandomLives.Sequences, RandomLives.Events.Array[40]).Sample(
            (sequence, events) =>
            {
                var world = new World(sequence, Stage.Now);
                foreach (var one in events)
                {
                    Live(world, [one]);
                    seen[world.Run.State] = true;
                }
            },
            iter: 3_000);
        seen.Keys.Order().ShouldBe(EnrollmentStates.All.Except([EnrollmentState.FinishedOptOut, EnrollmentState.AlreadyEnrolled, EnrollmentState.OtherEnrolled]));
    }

    [Fact]
    public void held_time_does_not_use_up_the_wait() =>
        Gen.Select(RandomLives.Sequences, RandomLives.Events.Array[0, 30], Gen.Int[1, 100_000]).Sample((sequence, events, held) =>
        {
            var world = new World(sequence, Stage.Now);
            Live(world, events);
            if (world.Run is not { IsFree: true, Position: { Phase: Phase.Waiting, DelayEnds: { } ends, NextAt: not null } }) return;
            var left = Duration.Max(Duration.Zero, ends - world.Now);
            world.Apply(new Paused(world.Now, Actor.Engine));
            world.Now += Duration.FromMinutes(held);
            world.Apply(new Resumed(world.Now, Actor.Engine));
            if (world.Run.IsOpen)
                (world.Run.Position.DelayEnds - world.Now).ShouldBe(left);
        });

    [Fact]
    public void a_pause_and_a_resume_leave_the_place_as_it_was() =>
        Gen.Select(RandomLives.Sequences, RandomLives.Events.Array[0, 40]).Sample((sequence, events) =>
        {
            var world = new World(sequence, Stage.Now);
            Live(world, events);
            if (!world.Run.IsFree) return;
            var (before, step, state) = (world.Run.Position.Phase, world.Run.Position.Step, world.Run.State);
            var withdrawn = world.Facts.Intent == IntentStage.Intended;
            world.Apply(new Paused(world.Now, Actor.Engine));
            world.Apply(new Resumed(world.Now, Actor.Engine));
            if (!world.Run.IsOpen) return;
            world.Run.Position.Step.ShouldBe(step);
            world.Run.Position.Phase.ShouldBe(withdrawn || before == Phase.Capped ? Phase.Waiting : before);
            world.Run.State.ShouldBe(before == Phase.Capped ? EnrollmentState.Active : state);
        });

    private static void Live(World world, IReadOnlyList<Event> events)
    {
        foreach (var one in events)
        {
            world.Now += Duration.FromMinutes(one.Minutes);
            if (one.HandOver)
                world.HandOver();
            world.MayBeOpen = one.Choice % 7 != 0;
            world.Apply(one.For(world));
        }
    }
}
