using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>One attempt that comes back twice: by the second of two servers, or as a late duplicate.</summary>
public sealed class RepeatedReportTests
{
    [Theory, OnEveryDatabase]
    public async Task a_second_report_of_the_first_attempt_leaves_the_delivered_retry_alone(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "full@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted[0], "5.2.2");
        await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Failed);
        await bench.SignalAsync(run, _ => new Retried(bench.Now, Actor.User(bench.User)));
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(2);

        bench.Mail.Report(bench.Mail.Accepted[0], "5.2.2");
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).ShouldSatisfyAllConditions(one => one.State.ShouldBe(EnrollmentState.Active), one => one.Failure.ShouldBeNull());
        (await bench.StatusesAsync()).ShouldBe([("accepted", 1)]);
        (await bench.FunnelAsync(sequence)).Bounced.ShouldBe(1);
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Select(email => email.Text.Trim().Split('\n')[0].Trim()).ShouldBe(["First", "First", "Second"]);
    }

    [Theory, OnEveryDatabase]
    public async Task a_second_report_takes_no_retry_back_that_waits_for_its_window(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var windowed = SampleSequences.OneEmail.Replace("\"steps\"", """
            "settings":{"windows":[{"days":["mon","tue","wed","thu","fri"],"from":"09:00","to":"10:00"}]},"steps"
            """, StringComparison.Ordinal);
        var run = await bench.EnrollAsync(await bench.PublishAsync(windowed), "full@acme.test");
        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromHours(2));
        bench.Mail.Report(bench.Mail.Accepted[0], "5.2.2");
        await bench.ReceiveAsync();
        await bench.SignalAsync(run, _ => new Retried(bench.Now, Actor.User(bench.User)));
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(1);

        bench.Mail.Report(bench.Mail.Accepted[0], "5.2.2");
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        await bench.PassAsync(Duration.FromHours(22));
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task a_report_of_the_retry_fails_the_run_again(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "full@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted[0], "5.2.2");
        await bench.ReceiveAsync();
        await bench.SignalAsync(run, _ => new Retried(bench.Now, Actor.User(bench.User)));
        await bench.SettleAsync();

        bench.Mail.Report(bench.Mail.Accepted[1], "5.2.2");
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Failed);
    }
}
