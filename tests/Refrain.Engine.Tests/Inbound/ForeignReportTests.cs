using Refrain.Core.Enrollments;
using Refrain.Core.Sending;
using Refrain.Engine.Mail;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;
using Duration = NodaTime.Duration;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>Reports about mail that a person sent by hand from the same mailbox to the same address, and what proves that a message was delivered.</summary>
public sealed class ForeignReportTests
{
    private static readonly Duration TwoDays = Duration.FromDays(2);

    [Theory, OnEveryDatabase]
    public async Task a_bounce_of_mail_that_a_person_sent_by_hand_fails_no_run(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(ByHand(bench), "5.3.4");
        bench.Mail.Report(ByHand(bench), "5.2.2");
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).ShouldSatisfyAllConditions(one => one.State.ShouldBe(EnrollmentState.Active), one => one.Failure.ShouldBeNull());
        (await bench.TimelineAsync(run)).TakeLast(2).ShouldBe(["notice_received", "notice_received"]);
        (await bench.StatusesAsync()).ShouldBe([("accepted", 1)]);
        (await bench.FunnelAsync(sequence)).Bounced.ShouldBe(0);
        await bench.PassAsync(TwoDays);
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task an_address_that_refused_a_letter_by_hand_is_bad_all_the_same(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(ByHand(bench), "5.1.1");
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedBounced);
        (await bench.SuppressedAsync()).ShouldBe(["lee@acme.test bounced"]);
        (await bench.FunnelAsync(sequence)).Bounced.ShouldBe(0);
    }

    [Theory, OnEveryDatabase]
    public async Task a_report_under_an_id_that_the_provider_wrote_fails_the_run_when_it_gives_our_message_back(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        var sent = bench.Mail.Accepted[0];
        bench.Mail.Arrive(ReportWith($"""
            Message-ID: <0102018c@email.provider.test>
            Date: {sent.Date.ToDateTimeOffset():r}
            Subject: =?utf-8?q?Hello_Lee?=
            To: <lee@acme.test>
            """));
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Failed);
        (await bench.StatusesAsync()).ShouldBe([("bounced", 1)]);
    }

    [Theory, OnEveryDatabase]
    public async Task a_letter_by_hand_under_the_same_subject_is_no_message_of_ours(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Arrive(ReportWith($"""
            Message-ID: <by-hand@ours.test>
            References: <{bench.Mail.Accepted[0].MessageIdHeader}>
            Date: Mon, 04 Jan 2027 10:30:00 +0000
            Subject: Hello Lee
            To: <lee@acme.test>
            """));
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
    }

    [Theory, OnEveryDatabase]
    public async Task a_report_that_names_a_letter_by_hand_and_our_message_only_as_its_thread_fails_no_run(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Arrive(ReportWith("""
            Message-ID: <by-hand@ours.test>
            To: <lee@acme.test>
            """, $"References: <{bench.Mail.Accepted[0].MessageIdHeader}> <by-hand@ours.test>"));
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
    }

    [Theory, OnEveryDatabase]
    public async Task what_names_only_the_address_or_the_subject_proves_no_delivery(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Script("lee@acme.test", new SendOutcome.Unknown("the connection broke after DATA"));
        await bench.PassAsync(TwoDays);
        (await bench.StatusesAsync()).ShouldBe([("accepted", 1), ("unknown", 1)]);

        bench.Mail.Arrive(ReportWith("To: <lee@acme.test>", action: "delayed"));
        bench.Mail.Arrive(Absence("there.test"));
        await bench.ReceiveAsync();

        (await bench.StatusesAsync()).ShouldBe([("accepted", 1), ("unknown", 1)]);
        (await bench.FindAsync(run)).ShouldSatisfyAllConditions(
            one => one.State.ShouldBe(EnrollmentState.PausedO3), one => one.Failure!.Cause.ShouldBe(FailureCause.OutcomeUnknown), one => one.EmailsSent.ShouldBe(1));
    }

    [Theory, OnEveryDatabase]
    public async Task a_report_that_names_the_message_in_doubt_proves_that_it_went(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        OutgoingEmail? handed = null;
        bench.Mail.Script("lee@acme.test", (email, lastCheck) =>
        {
            lastCheck().ShouldBeTrue();
            handed = email;
            return Task.FromResult<SendOutcome>(new SendOutcome.Unknown("the connection broke after DATA"));
        });
        await bench.SettleAsync();
        bench.Mail.Report(handed!, "delayed", "4.4.1", "smtp; no answer yet");
        await bench.ReceiveAsync();

        (await bench.StatusesAsync()).ShouldBe([("accepted", 1)]);
        (await bench.FindAsync(run)).ShouldSatisfyAllConditions(one => one.State.ShouldBe(EnrollmentState.Active), one => one.EmailsSent.ShouldBe(1));
    }

    private static OutgoingEmail ByHand(EngineBench bench) => bench.Mail.Accepted[0] with { MessageIdHeader = $"{Guid.CreateVersion7():N}@ours.test" };

    private static string Absence(string server) => $"""
        From: <lee@acme.test>
        To: <ann@ours.test>
        Subject: Out of office: Hello Lee
        Message-ID: <{Guid.CreateVersion7():N}@{server}>
        Auto-Submitted: auto-replied
        Content-Type: text/plain; charset=utf-8

        I am out of the office and will be back on 20 January 2027.
        """;

    private static string ReportWith(string returned, string extra = "X-Extra: none", string action = "failed") => $"""
        From: <mailer-daemon@there.test>
        To: <ann@ours.test>
        Subject: Undelivered Mail Returned to Sender
        Message-ID: <{Guid.CreateVersion7():N}@there.test>
        {extra}
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="=r"

        --=r
        Content-Type: text/plain

        It could not be delivered.

        --=r
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.there.test

        Final-Recipient: rfc822; lee@acme.test
        Action: {action}
        Status: {(action == "failed" ? "5.2.2" : "4.4.1")}

        --=r
        Content-Type: text/rfc822-headers

        {returned}

        --=r--
        """;
}
