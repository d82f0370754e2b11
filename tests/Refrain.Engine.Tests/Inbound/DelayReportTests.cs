using Refrain.Core.Enrollments;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>What a provider of recipients says behind a server that takes everything and reports later.</summary>
public sealed class DelayReportTests
{
    [Theory, OnEveryDatabase]
    public async Task a_provider_that_delays_and_asks_for_less_is_sent_less(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var delayed = await bench.EnrollAsync(sequence, "first@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted[0], "delayed", "4.7.28", "smtp; 421-4.7.28 too much mail from you");
        await bench.ReceiveAsync();

        var held = await bench.EnrollAsync(sequence, "second@acme.test");
        await bench.EnrollAsync(sequence, "lee@globex.test");
        await bench.SettleAsync();

        bench.Mail.Accepted.Skip(1).ShouldHaveSingleItem().ToAddress.ShouldBe("lee@globex.test");
        var run = await bench.FindAsync(held);
        run.Why.Sentence.ShouldContain("acme.test asked to be sent less");
        run.Why.Sentence.ShouldContain("4.7.28");
        (await bench.FindAsync(delayed)).ShouldSatisfyAllConditions(
            one => one.State.ShouldBe(EnrollmentState.Active), one => one.Failure.ShouldBeNull(), one => one.EmailsSent.ShouldBe(1));
        await bench.PassAsync(run.NextAt!.Value - bench.Now);
        bench.Mail.Accepted.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "delayed", "4.7.1", "smtp; 451 4.7.1 Greylisted, try again later")]
    [InlineData(DatabaseKind.Postgres, "delayed", "4.4.1", "smtp; connect to mx.acme.test: timed out")]
    [InlineData(DatabaseKind.Sqlite, "failed", "4.2.2", "smtp; 452 4.2.2 mailbox full")]
    public async Task other_delays_ask_for_nothing(DatabaseKind database, string action, string status, string words)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        await bench.EnrollAsync(sequence, "first@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted[0], action, status, words);
        await bench.ReceiveAsync();
        await bench.EnrollAsync(sequence, "second@acme.test");
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task a_report_about_somebody_else_slows_nobody(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        await bench.EnrollAsync(sequence, "first@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted[0] with { ToAddress = "stranger@globex.test" }, "delayed", "4.7.28", "smtp; 421 slow down");
        await bench.ReceiveAsync();
        await bench.EnrollAsync(sequence, "lee@globex.test");
        await bench.EnrollAsync(sequence, "second@acme.test");
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(3);
    }
}
