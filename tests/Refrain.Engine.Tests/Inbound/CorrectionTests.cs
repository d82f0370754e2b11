using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Inbound;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>What a misread message did is taken back: states, waits, tasks, marks and counts.</summary>
public sealed class CorrectionTests
{
    private static readonly Duration Day = Duration.FromDays(1);

    [Theory, OnEveryDatabase]
    public async Task what_was_not_a_reply_lets_the_run_go_on_after_the_wait_that_remained(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        await bench.PassAsync(Day);
        bench.Mail.Reply(bench.Mail.Accepted[0], "I am a machine, and this looks like a letter.");
        var message = await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(1);
        await bench.PassAsync(10 * Day);

        await bench.CorrectedAsync(message, InboundClass.AutoReply);

        var open = await bench.FindAsync(run);
        open.State.ShouldBe(EnrollmentState.Active);
        open.NextAt.ShouldBe(bench.Now + Day - Duration.FromMinutes(1));
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(0);
        (await bench.CountAsync(sequence, EnrollmentState.FinishedReplied)).ShouldBe(0);
        (await bench.CountAsync(sequence, EnrollmentState.Active)).ShouldBe(1);
        (await bench.TimelineAsync(run)).TakeLast(3).ShouldBe(["replied", "corrected", "notice_received"]);
        await bench.PassAsync(Day);
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task an_out_of_office_that_was_taken_for_a_reply_holds_the_run(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Gone fishing, see you on the eleventh.");
        var message = await bench.ReceiveAsync();

        await bench.CorrectedAsync(message, InboundClass.OutOfOffice, new LocalDate(2027, 1, 11));

        var away = await bench.FindAsync(run);
        (away.State, away.NextAt).ShouldBe((EnrollmentState.PausedO3, Instant.FromUtc(2027, 1, 12, 0, 0)));
        await bench.CorrectedAsync(message, InboundClass.OutOfOffice, new LocalDate(2027, 1, 13));
        (await bench.FindAsync(run)).NextAt.ShouldBe(Instant.FromUtc(2027, 1, 14, 0, 0));
        await bench.PassAsync(10 * Day);
        bench.Mail.Accepted.Count.ShouldBe(1);
        await bench.PassAsync(2 * Day);
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task a_reply_that_was_taken_for_an_out_of_office_finishes_the_run(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "away@acme.test");
        await bench.SettleAsync();
        bench.Mail.OutOfOffice(bench.Mail.Accepted[0], "I am out of the office until 12 January 2027. But yes, send me an offer!");
        var message = await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.PausedO3);

        await bench.CorrectedAsync(message, InboundClass.Reply);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(1);
        var contact = await bench.Database.ReadAsync(session => session.FirstAsync<int>("select count(*) from contact where away_since is not null", null, default), default);
        contact.ShouldBe(0);
        await bench.CorrectedAsync(message, InboundClass.Reply);
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task a_bounce_that_was_somebody_elses_gives_the_address_back(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted[0], "5.1.1");
        var message = await bench.ReceiveAsync();
        (await bench.SuppressedAsync()).ShouldBe(["lee@acme.test bounced"]);
        (await bench.FunnelAsync(sequence)).Bounced.ShouldBe(1);

        await bench.CorrectedAsync(message, InboundClass.Other);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        (await bench.SuppressedAsync()).ShouldBeEmpty();
        (await bench.FunnelAsync(sequence)).Bounced.ShouldBe(0);
        await bench.PassAsync(2 * Day);
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task a_mark_that_another_report_proves_stays_and_so_does_the_run(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted[0], "5.1.1");
        var first = await bench.ReceiveAsync();
        bench.Mail.Report(bench.Mail.Accepted[0], "5.1.1");
        var second = await bench.ReceiveAsync();
        second.ShouldNotBe(first);

        await bench.CorrectedAsync(first, InboundClass.Other);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedBounced);
        (await bench.SuppressedAsync()).ShouldBe(["lee@acme.test bounced"]);
        (await bench.TimelineAsync(run))[^1].ShouldBe("corrected");

        await bench.CorrectedAsync(second, InboundClass.Other);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        (await bench.SuppressedAsync()).ShouldBeEmpty();
    }

    [Theory, OnEveryDatabase]
    public async Task a_soft_bounce_that_was_none_goes_on_where_it_was_and_sends_nothing_twice(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        await bench.PassAsync(Day);
        bench.Mail.Report(bench.Mail.Accepted[0], "5.2.2");
        var message = await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Failed);

        await bench.CorrectedAsync(message, InboundClass.Delayed);

        var open = await bench.FindAsync(run);
        (open.State, open.NextAt).ShouldBe((EnrollmentState.Active, bench.Now + Day - Duration.FromMinutes(1)));
        (await bench.FunnelAsync(sequence)).Bounced.ShouldBe(0);
        await bench.PassAsync(Day);
        bench.Mail.Accepted.Select(email => email.Text.Trim().Split('\n')[0].Trim()).ShouldBe(["First", "Second"]);
    }

    [Theory, OnEveryDatabase]
    public async Task an_opt_out_that_came_later_wins(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var contact = await bench.AddContactAsync("lee@acme.test");
        var run = (await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), contact)).Id!.Value;
        await bench.SettleAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Noted, thank you.");
        var message = await bench.ReceiveAsync();
        await bench.Get<OptOuts>().OptOutAsync(contact, run, OptOutSource.Link, Actor.Contact, CancellationToken.None);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);

        await bench.CorrectedAsync(message, InboundClass.Other);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Unsubscribed);
        await bench.PassAsync(30 * Day);
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task an_unsubscribe_that_was_a_reply_withdraws_the_suppression(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Please remove me from your list.");
        var message = await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Unsubscribed);
        (await bench.SuppressedAsync()).ShouldBe(["lee@acme.test opted_out"]);

        await bench.CorrectedAsync(message, InboundClass.Reply);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.SuppressedAsync()).ShouldBeEmpty();
        var funnel = await bench.FunnelAsync(sequence);
        (funnel.Unsubscribed, funnel.Replied).ShouldBe((0, 1));
    }

    [Theory, OnEveryDatabase]
    public async Task a_run_that_may_not_be_open_again_refuses_and_nothing_changes(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var contact = await bench.AddContactAsync("lee@acme.test");
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = (await bench.EnrollAsync(sequence, contact)).Id!.Value;
        await bench.SettleAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Noted, thank you.");
        var message = await bench.ReceiveAsync();
        var again = (await bench.EnrollAsync(sequence, contact)).Id!.Value;

        var refused = (await bench.CorrectAsync(message, InboundClass.Other)).ShouldBeOfType<Answer<MessageId>.Conflict>();

        (refused.Code, refused.Id).ShouldBe(("correction_blocked", again.ToString()));
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(1);
        (await bench.Get<MessageQueries>().FindAsync(bench.Workspace, message, CancellationToken.None))!.ReadAs.ShouldBeNull();
    }

    [Theory, OnEveryDatabase]
    public async Task the_draft_that_was_open_is_open_again_as_it_was(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var manual = SampleSequences.ManualThenCall.Replace("\"stopOnReply\":false", "\"stopOnAnyEmail\":true", StringComparison.Ordinal);
        var run = await bench.EnrollAsync(await bench.PublishAsync(manual.Replace("\"steps\":[", "\"steps\":[{\"kind\":\"email\",\"subject\":\"Hi\",\"text\":\"Zero\"},", StringComparison.Ordinal)), "lee@acme.test");
        await bench.SettleAsync();
        var before = await bench.FindAsync(run);
        before.State.ShouldBe(EnrollmentState.Pending);
        bench.Mail.Reply(bench.Mail.Accepted[0], "Noted, thank you.");
        var message = await bench.ReceiveAsync();

        await bench.CorrectedAsync(message, InboundClass.Other);

        var open = await bench.FindAsync(run);
        (open.State, open.Position.Task).ShouldBe((EnrollmentState.Pending, before.Position.Task));
        var status = await bench.Database.ReadAsync(session => session.QueryAsync<string>("select status from task", null, default), default);
        status.ShouldBe(["open"]);
    }

    [Theory, OnEveryDatabase]
    public async Task a_message_of_another_workspace_is_not_there(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Noted, thank you.");
        var message = await bench.ReceiveAsync();
        (await bench.Get<Corrections>().CorrectAsync(WorkspaceId.New(), Actor.Engine, message, InboundClass.Other, null, CancellationToken.None)).ShouldBeOfType<Answer<MessageId>.Missing>();
        (await bench.Get<MessageQueries>().FindAsync(WorkspaceId.New(), message, CancellationToken.None)).ShouldBeNull();
    }
}
