using Refrain.Engine.Loops;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Loops;

public sealed class IdleTests
{
    [Theory, OnEveryDatabase]
    public async Task when_nothing_is_due_only_one_loop_looks_every_five_seconds(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(1);

        (await bench.Loop<AdvanceLoop>().TurnAsync(default)).ShouldBe(TimeSpan.FromSeconds(5));
        Loop[] sleepers = [bench.Loop<SendLoop>(), bench.Loop<RescueLoop>(), bench.Loop<JobLoop>(), bench.Loop<WebhookLoop>(), bench.Loop<PruneLoop>(), bench.Loop<AnnounceLoop>()];
        foreach (var loop in sleepers)
            (await loop.TurnAsync(default)).ShouldBeGreaterThan(TimeSpan.FromMinutes(50), loop.GetType().Name);
        bench.Loops.Except(sleepers).Select(loop => loop.GetType()).ShouldBe(
            [typeof(HeartbeatLoop), typeof(ListenLoop), typeof(InboxLoop), typeof(AdvanceLoop)], ignoreOrder: true, "a new loop shows here that it sleeps");
    }

    [Theory, OnEveryDatabase]
    public async Task it_sleeps_until_the_next_step_is_due_if_that_is_sooner(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Time.Advance(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(2));

        (await bench.Loop<AdvanceLoop>().TurnAsync(default)).ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Theory, OnEveryDatabase]
    public async Task the_inbox_loop_sleeps_until_a_mailbox_changes(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var loop = bench.Loop<InboxLoop>();
        using var stop = new CancellationTokenSource();

        (await loop.TurnAsync(stop.Token)).ShouldBeGreaterThan(TimeSpan.FromMinutes(50));

        await stop.CancelAsync();
    }
}
