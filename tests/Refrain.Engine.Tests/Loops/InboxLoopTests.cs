using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Loops;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Loops;

public sealed class InboxLoopTests
{
    private const string Ann = "ann@ours.test";

    [Theory, OnEveryDatabase]
    public async Task a_watcher_that_broke_is_started_anew(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var loop = bench.Loop<InboxLoop>();
        bench.Mail.BrokenWaits = 1;

        await loop.StartAsync(default);
        // Ten minutes of its time at most: by itself the loop would look again after an hour.
        await PassUntilAsync(bench, () => bench.Mail.Waits.Count == 2);
        await loop.StopAsync(default);

        bench.Mail.Waits.ShouldBe([Ann, Ann]);
    }

    [Theory, OnEveryDatabase]
    public async Task watchers_that_broke_are_all_started_anew_and_end_no_turn(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        string[] addresses = [Ann, "bob@ours.test", "cat@ours.test", "dan@ours.test"];
        foreach (var address in addresses.Skip(1)) await bench.AddMailboxAsync(address);
        var loop = bench.Loop<InboxLoop>();
        using var stop = new CancellationTokenSource();
        bench.Mail.BrokenWaits = addresses.Length;

        await PassUntilAsync(bench, () => bench.Mail.Waits.Count == 2 * addresses.Length, () => loop.TurnAsync(stop.Token));

        bench.Mail.Waits.Skip(addresses.Length).ShouldBe(addresses, ignoreOrder: true);
        await stop.CancelAsync();
    }

    [Theory, OnEveryDatabase]
    public async Task a_watcher_that_broke_is_not_started_anew_without_a_rest(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var loop = bench.Loop<InboxLoop>();
        using var stop = new CancellationTokenSource();
        bench.Mail.BrokenWaits = 2;
        await loop.TurnAsync(stop.Token);
        await PassUntilAsync(bench, () => bench.Mail.Waits.Count == 1);

        for (var turn = 0; turn < 50; turn++) await loop.TurnAsync(stop.Token);

        bench.Mail.Waits.Count.ShouldBe(1);
        await PassUntilAsync(bench, () => bench.Mail.Waits.Count == 2, () => loop.TurnAsync(stop.Token));
        await stop.CancelAsync();
    }

    [Theory, OnEveryDatabase]
    public async Task a_mailbox_whose_secret_cannot_be_decrypted_keeps_no_other_from_being_watched_and_says_so(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await SealAsync(bench, await bench.AddMailboxAsync("bob@ours.test"));
        var loop = bench.Loop<InboxLoop>();
        using var stop = new CancellationTokenSource();

        await loop.TurnAsync(stop.Token);

        await PassUntilAsync(bench, () => bench.Mail.Waits.Count == 1);
        bench.Mail.Waits.ShouldBe([Ann]);
        var told = await bench.Database.ReadAsync(session => session.QueryAsync<string>(
            "select address || ': ' || health || ' ' || coalesce(health_reason, '-') from mailbox order by address", null, default), default);
        told[0].ShouldBe("ann@ours.test: healthy -");
        told[1].ShouldStartWith("bob@ours.test: unhealthy The password");
        await stop.CancelAsync();
    }

    [Theory, OnEveryDatabase]
    public async Task a_mailbox_whose_secret_can_be_decrypted_again_is_watched_and_well(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var secret = await bench.Database.ReadAsync(session => session.FirstAsync<string>("select imap_secret from mailbox", null, default), default);
        await SealAsync(bench, bench.Mailbox);
        var loop = bench.Loop<InboxLoop>();
        using var stop = new CancellationTokenSource();
        (await loop.TurnAsync(stop.Token)).ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        bench.Mail.Waits.ShouldBeEmpty();
        (await bench.Get<MailboxChecks>().CheckAsync(bench.Workspace, bench.Mailbox, default))!.Health.ShouldBe(Contracts.MailboxHealth.Unhealthy);

        await bench.Database.WriteAsync(session => session.ExecuteAsync("update mailbox set imap_secret = @secret where id = @Mailbox", new { secret, bench.Mailbox }, default), default);
        await loop.TurnAsync(stop.Token);
        await PassUntilAsync(bench, () => bench.Mail.Waits.Count == 1);

        (await bench.Get<MailboxChecks>().CheckAsync(bench.Workspace, bench.Mailbox, default))!.Health.ShouldBe(Contracts.MailboxHealth.Healthy);
        await stop.CancelAsync();
    }

    [Theory, OnEveryDatabase]
    public async Task runs_of_a_mailbox_whose_secret_cannot_be_decrypted_hold_up_none_of_their_batch(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var other = await bench.AddMailboxAsync("bob@ours.test");
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        var held = new List<EnrollmentId>();
        for (var index = 0; index < 8; index++) held.Add((await bench.EnrollAsync(sequence, other, await bench.AddContactAsync($"held{index}@acme.test"))).Id!.Value);
        await bench.EnrollAsync(sequence, "lee@acme.test");
        await SealAsync(bench, other);

        await bench.SettleAsync();

        bench.Mail.Accepted.ShouldHaveSingleItem().ToAddress.ShouldBe("lee@acme.test");
        foreach (var run in held) (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
    }

    // Long enough for a slow machine, and of the engine's own time an hour at most.
    private static async Task PassUntilAsync(EngineBench bench, Func<bool> done, Func<Task>? turn = null)
    {
        for (var second = 0; second < 3000 && !done(); second++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await (turn?.Invoke() ?? Task.CompletedTask);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        done().ShouldBeTrue();
    }

    private static Task SealAsync(EngineBench bench, MailboxId mailbox) => bench.Database.WriteAsync(
        session => session.ExecuteAsync("update mailbox set imap_secret = 'of another key ring' where id = @mailbox", new { mailbox }, default), default);
}
