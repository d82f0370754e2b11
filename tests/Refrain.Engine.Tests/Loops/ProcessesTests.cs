using NodaTime;
using Refrain.Core;
using Refrain.Engine.Loops;
using Refrain.Engine.Sending;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Loops;

/// <summary>Two processes on one PostgreSQL database: they hear of each other's work, and share the mailboxes.</summary>
public sealed class ProcessesTests
{
    [Fact]
    public async Task what_wakes_one_process_wakes_the_other()
    {
        await using var bench = await EngineBench.StartAsync(DatabaseKind.Postgres);
        await using var other = bench.StartSecondProcess();
        var (listening, woken) = (new TaskCompletionSource(), new TaskCompletionSource());
        other.Get<Wakeups>().Add(Wakeup.Doubt, () => listening.TrySetResult());
        await other.Loop<ListenLoop>().StartAsync(default);
        await listening.Task;
        other.Get<Wakeups>().Add(Wakeup.Mailboxes, () => woken.TrySetResult());
        await bench.Loop<AnnounceLoop>().StartAsync(default);

        bench.Get<Wakeups>().Wake(Wakeup.Mailboxes);
        var turn = bench.Loop<AnnounceLoop>();

        await woken.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await turn.StopAsync(default);
        await other.Loop<ListenLoop>().StopAsync(default);
    }

    [Fact]
    public async Task a_process_does_not_hear_itself()
    {
        await using var bench = await EngineBench.StartAsync(DatabaseKind.Postgres);
        await using var other = bench.StartSecondProcess();
        var (listening, heard, own) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        bench.Get<Wakeups>().Add(Wakeup.Doubt, () => listening.TrySetResult());
        await bench.Loop<ListenLoop>().StartAsync(default);
        await listening.Task;
        bench.Get<Wakeups>().Add(Wakeup.Work, () => own++);
        bench.Get<Wakeups>().Add(Wakeup.Mailboxes, () => heard.TrySetResult());
        await bench.Loop<AnnounceLoop>().StartAsync(default);
        await other.Loop<AnnounceLoop>().StartAsync(default);

        bench.Get<Wakeups>().WakeAll();
        await bench.Loop<AnnounceLoop>().StopAsync(default);
        other.Get<Wakeups>().Wake(Wakeup.Mailboxes);

        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        own.ShouldBe(1);
        await other.Loop<AnnounceLoop>().StopAsync(default);
        await bench.Loop<ListenLoop>().StopAsync(default);
    }

    [Fact]
    public async Task each_mailbox_is_read_by_one_of_the_living_processes()
    {
        await using var bench = await EngineBench.StartAsync(DatabaseKind.Postgres);
        await using var other = bench.StartSecondProcess();
        Nodes first = bench.Get<Nodes>(), second = other.Get<Nodes>();
        await first.BeatAsync(default);
        (await second.BeatAsync(default)).ShouldBeTrue();
        (await first.BeatAsync(default)).ShouldBeTrue();
        (await first.BeatAsync(default)).ShouldBeFalse();
        var mailboxes = Enumerable.Range(0, 200).Select(_ => MailboxId.New().Value).ToList();

        mailboxes.ShouldAllBe(mailbox => first.Has(mailbox) != second.Has(mailbox));
        mailboxes.Count(first.Has).ShouldBeInRange(60, 140);

        bench.Time.Advance(Nodes.DeadAfter.ToTimeSpan());
        (await second.BeatAsync(default)).ShouldBeTrue();
        mailboxes.ShouldAllBe(mailbox => second.Has(mailbox));
    }

    [Theory, OnEveryDatabase]
    public async Task what_a_dead_process_intended_goes_and_what_it_had_handed_over_is_in_doubt(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        await bench.EnrollManyAsync(sequence, 3);
        await bench.Loop<HeartbeatLoop>().TurnAsync(default);
        await bench.Loop<AdvanceLoop>().TurnAsync(default);
        await bench.Database.WriteAsync(session => session.ExecuteAsync(
            "update outbound_message set status = 'handed', handed_at = @Now where id = (select id from outbound_message order by id limit 1)", new { bench.Now }, default), default);
        await using var heir = bench.StartSecondProcess();
        var doubt = 0;
        heir.Get<Wakeups>().Add(Wakeup.Doubt, () => doubt++);

        await heir.PassAsync(Nodes.DeadAfter + Duration.FromSeconds(1));

        doubt.ShouldBeGreaterThan(0);
        (await heir.StatusesAsync()).ShouldBe([("accepted", 2), ("unknown", 1)]);
    }
}
