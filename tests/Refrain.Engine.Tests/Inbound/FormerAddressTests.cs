using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Core.Sending;
using Refrain.Engine.Contacts;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>The contact's address was corrected while a message to the old one was on its way.</summary>
public sealed class FormerAddressTests
{
    [Theory, OnEveryDatabase]
    public async Task a_hard_bounce_of_the_old_address_marks_that_one_and_its_step_goes_to_the_new_one(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var contact = await bench.AddContactAsync("typo@acme.test");
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = (await bench.EnrollAsync(sequence, contact)).Id!.Value;
        await bench.SettleAsync();
        await CorrectAsync(bench, contact);

        bench.Mail.Report(bench.Mail.Accepted[0], "5.1.1");
        var report = await bench.ReceiveAsync();

        (await bench.SuppressedAsync()).ShouldBe(["typo@acme.test bounced"]);
        var failed = await bench.FindAsync(run);
        (failed.State, failed.Failure!.Cause).ShouldBe((EnrollmentState.Failed, FailureCause.Delivery));
        (await bench.TimelineAsync(run)).TakeLast(2).ShouldBe(["hard_bounced", "soft_bounced"]);
        (await bench.FunnelAsync(sequence)).Bounced.ShouldBe(1);
        await bench.SignalAsync(run, _ => new Retried(bench.Now, Actor.User(bench.User)));
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Select(email => email.ToAddress).ShouldBe(["typo@acme.test", "lee@acme.test"]);

        await bench.CorrectedAsync(report, InboundClass.Other);
        (await bench.SuppressedAsync()).ShouldBeEmpty();
    }

    [Theory, OnEveryDatabase]
    public async Task a_hard_bounce_of_the_old_address_is_a_notice_once_a_message_went_to_the_new_one(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var contact = await bench.AddContactAsync("typo@acme.test");
        var run = (await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), contact)).Id!.Value;
        await bench.SettleAsync();
        await CorrectAsync(bench, contact);
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Count.ShouldBe(2);

        bench.Mail.Report(bench.Mail.Accepted[0], "5.1.1");
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedNoReply);
        (await bench.SuppressedAsync()).ShouldBe(["typo@acme.test bounced"]);
    }

    [Theory, OnEveryDatabase]
    public async Task whoever_has_the_old_address_now_is_told_that_it_is_bad(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var contact = await bench.AddContactAsync("typo@acme.test");
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        await bench.EnrollAsync(sequence, contact);
        await bench.SettleAsync();
        await CorrectAsync(bench, contact);
        var other = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.ManualThenCall), "typo@acme.test");

        bench.Mail.Report(bench.Mail.Accepted[0], "5.1.1");
        await bench.ReceiveAsync();

        (await bench.FindAsync(other)).State.ShouldBe(EnrollmentState.FinishedBounced);
    }

    [Theory, OnEveryDatabase]
    public async Task an_old_address_that_the_server_refuses_is_marked_and_the_step_goes_to_the_new_one(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var contact = await bench.AddContactAsync("typo@acme.test");
        var run = (await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.OneEmail), contact)).Id!.Value;
        bench.Mail.Script("typo@acme.test", async (_, lastCheck) =>
        {
            lastCheck().ShouldBeTrue();
            await CorrectAsync(bench, contact);
            return new SendOutcome.Refused(RefusalScope.Address, "550 5.1.1 no such user");
        });

        await bench.SettleAsync();

        (await bench.SuppressedAsync()).ShouldBe(["typo@acme.test bounced"]);
        bench.Mail.Accepted.ShouldHaveSingleItem().ToAddress.ShouldBe("lee@acme.test");
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedNoReply);
    }

    private static async Task CorrectAsync(EngineBench bench, ContactId contact) => EngineBench.Value(await bench.Get<ContactBook>().ChangeAsync(
        bench.Workspace, contact, new("lee@acme.test", FirstName: "Lee"), Actor.User(bench.User), CancellationToken.None));
}
