using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Core.Sending;
using Refrain.Engine.Inbound;
using Refrain.Engine.Tests.Bench;
using Refrain.Engine.Tests.Inbound;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Enrollments;

/// <summary>All that belongs to a run goes with it to another bucket.</summary>
public sealed class MovedRunTests
{
    [Theory, OnEveryDatabase]
    public async Task what_was_misread_before_a_run_changed_hands_can_be_corrected(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (_, his) = await bench.AddColleagueAsync();
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.OutOfOffice(bench.Mail.Accepted[0], "I am out of the office until 12 January 2027.");
        var away = await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.PausedO3);
        (await bench.MoveAsync(run, his)).Kind.ShouldBe(TransitionKind.Moved);

        await bench.CorrectedAsync(away, InboundClass.AutoReply);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        bench.Mail.Reply(bench.Mail.Accepted[0], "Noted, thank you.");
        var reply = await bench.ReceiveAsync();
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(1);
        await bench.CorrectedAsync(reply, InboundClass.AutoReply);
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(0);
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Select(email => email.FromAddress).ShouldBe(["ann@ours.test", "bob@ours.test"]);
    }

    [Theory, OnEveryDatabase]
    public async Task what_the_old_mailbox_sent_can_still_be_read(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (_, his) = await bench.AddColleagueAsync();
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        await bench.MoveAsync(run, his);
        var sent = await bench.Database.ReadAsync(session => session.FirstAsync<MessageId>("select id from outbound_message limit 1", null, default), default);

        (await bench.Get<MessageQueries>().FindAsync(bench.Workspace, sent, default)).ShouldNotBeNull().From.ShouldBe("ann@ours.test");
    }

    [Theory, OnEveryDatabase]
    public async Task a_message_that_was_put_off_goes_from_the_other_mailbox(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (_, his) = await bench.AddColleagueAsync();
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        bench.Mail.Script("lee@acme.test", new SendOutcome.Deferred("451 4.7.1 later"));
        await bench.SettleAsync();
        bench.Mail.Accepted.ShouldBeEmpty();
        await bench.MoveAsync(run, his);
        bench.Mail.Script("lee@acme.test", bench.Mail.AcceptAsync);

        await bench.PassAsync(Duration.FromHours(1));

        bench.Mail.Accepted.ShouldHaveSingleItem().FromAddress.ShouldBe("bob@ours.test");
        (await bench.FindAsync(run)).EmailsSent.ShouldBe(1);
    }
}
