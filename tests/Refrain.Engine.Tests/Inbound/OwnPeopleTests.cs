using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Inbound;
using Refrain.Engine.Mail;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>Colleagues of the salesperson who write in the thread, and those who only look like them.</summary>
public sealed class OwnPeopleTests
{
    [Theory, OnEveryDatabase]
    public async Task a_colleague_without_a_mailbox_here_who_answers_a_forwarded_message_is_not_the_contact(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await StartAsync(bench, "lee@acme.test");
        bench.Mail.Reply(From(bench, "bob@ours.test"), "Nice one!");
        var message = await bench.ReceiveAsync();
        (await bench.TimelineAsync(run))[^1].ShouldBe("notice_received");
        bench.Mail.OutOfOffice(From(bench, "bob@ours.test"), "I am out of the office until 12 January 2027.");
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Count.ShouldBe(2);

        await bench.CorrectedAsync(message, InboundClass.AutoReply);
        await bench.CorrectedAsync(message, InboundClass.Reply);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
    }

    [Theory, OnEveryDatabase]
    public async Task an_alias_or_a_colleague_of_the_contact_counts(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await StartAsync(bench, "lee@acme.test");
        bench.Mail.Reply(From(bench, "lee@private.test"), "Writing from home: yes.");
        await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
    }

    [Theory, OnEveryDatabase]
    public async Task a_contact_of_the_own_company_and_his_colleagues_count(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await StartAsync(bench, "lee@ours.test");
        bench.Mail.Reply(From(bench, "bob@ours.test"), "Lee asked me to answer.");
        await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "gmail.com")]
    [InlineData(DatabaseKind.Postgres, "yahoo.co.uk")]
    public async Task at_a_public_provider_nobody_is_a_colleague(DatabaseKind database, string provider)
    {
        await using var bench = await EngineBench.StartAsync(database, mailbox => mailbox with { Address = $"ann@{provider}" });
        var run = await StartAsync(bench, "lee@acme.test");
        bench.Mail.Reply(From(bench, $"lee.at.home@{provider}"), "Writing from home: yes.");
        await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
    }

    [Theory, OnEveryDatabase]
    public async Task a_wish_to_get_no_more_mail_counts_whoever_passes_it_on(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await StartAsync(bench, "lee@acme.test");
        bench.Mail.Reply(From(bench, "bob@ours.test"), "unsubscribe");
        await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Unsubscribed);
    }

    [Theory, OnEveryDatabase]
    public async Task a_report_of_the_own_mail_server_counts(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await StartAsync(bench, "lee@acme.test");
        bench.Mail.Report(bench.Mail.Accepted[0], "5.1.1", from: "mailer-daemon@ours.test");
        await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedBounced);
    }

    [Theory]
    [InlineData("gmail.com", true)]
    [InlineData("hotmail.co.uk", true)]
    [InlineData("gmx.de", true)]
    [InlineData("mail.hotmail.acme.com", false)]
    [InlineData("hotmail", false)]
    [InlineData("acme.com", false)]
    [InlineData("notgmail.com", false)]
    public void public_providers_are_known_by_their_domain(string domain, bool isPublic) => PublicMailProviders.Include(domain).ShouldBe(isPublic);

    private static async Task<EnrollmentId> StartAsync(EngineBench bench, string email)
    {
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), email);
        await bench.SettleAsync();
        return run;
    }

    private static OutgoingEmail From(EngineBench bench, string writer) => bench.Mail.Accepted[0] with { ToAddress = writer };
}
