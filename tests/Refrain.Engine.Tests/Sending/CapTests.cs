using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Sending;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Sending;

public sealed class CapTests
{
    [Theory, OnEveryDatabase]
    public async Task the_third_of_three_under_a_cap_of_two_waits_with_its_release(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 2);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        var runs = new[] { await bench.EnrollAsync(sequence, "a@acme.test"), await bench.EnrollAsync(sequence, "b@acme.test"), await bench.EnrollAsync(sequence, "c@acme.test") };
        await bench.SettleAsync();

        bench.Mail.Accepted.Count.ShouldBe(2);
        var states = new List<Enrollment>();
        foreach (var run in runs) states.Add(await bench.FindAsync(run));
        var pending = states.Single(run => run.State == EnrollmentState.Pending);
        pending.Position.Cap!.Used.ShouldBe(2);
        pending.Position.Cap.Limit.ShouldBe(2);
        pending.Why.Sentence.ShouldContain("2 of 2");

        await bench.PassAsync(pending.Position.Cap.ReleaseAt!.Value - bench.Now - Duration.FromMinutes(1));
        bench.Mail.Accepted.Count.ShouldBe(2);
        await bench.PassAsync(Duration.FromMinutes(2));
        bench.Mail.Accepted.Count.ShouldBe(3);
    }

    [Theory, OnEveryDatabase]
    public async Task a_refusal_gives_its_slot_back(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 1);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        bench.Mail.Script("gone@acme.test", new SendOutcome.Refused(RefusalScope.Address, "550 5.1.1 no such user"));
        await bench.EnrollAsync(sequence, "gone@acme.test");
        await bench.SettleAsync();
        await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();

        bench.Mail.Accepted.ShouldHaveSingleItem().ToAddress.ShouldBe("lee@acme.test");
    }

    [Theory, OnEveryDatabase]
    public async Task an_unreadable_inbox_holds_then_fails_what_is_due_and_lets_it_come_back(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.OneEmail), "lee@acme.test");
        bench.Mail.Unreadable = "NO [UNAVAILABLE] try later";
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.SettleAsync();
        bench.Mail.Accepted.ShouldBeEmpty();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);

        for (var minute = 0; minute < 17; minute++) await bench.PassAsync(Duration.FromMinutes(1));
        var failed = await bench.FindAsync(run);
        failed.State.ShouldBe(EnrollmentState.Failed);
        failed.Failure!.Cause.ShouldBe(FailureCause.MailboxDisconnected);

        bench.Mail.Unreadable = null;
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.ReadInboxAsync();
        await bench.PassAsync(Duration.FromMinutes(1));
        bench.Mail.Accepted.Count.ShouldBe(1);
    }
}
