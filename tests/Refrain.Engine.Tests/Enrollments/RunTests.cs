using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Enrollments;

public sealed class RunTests
{
    [Theory, OnEveryDatabase]
    public async Task the_first_email_goes_at_once_and_the_second_after_its_delay(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");

        await bench.SettleAsync();
        bench.Mail.Accepted.ShouldHaveSingleItem().Subject.ShouldBe("Hello Lee");
        var waiting = await bench.FindAsync(run);
        waiting.State.ShouldBe(EnrollmentState.Active);
        waiting.NextAt.ShouldBe(bench.Now + Duration.FromDays(2));

        await bench.PassAsync(Duration.FromDays(2) - Duration.FromMinutes(1));
        bench.Mail.Accepted.Count.ShouldBe(1);
        await bench.PassAsync(Duration.FromMinutes(1));
        bench.Mail.Accepted.Count.ShouldBe(2);
        bench.Mail.Accepted[1].References.ShouldBe([bench.Mail.Accepted[0].MessageIdHeader]);
        bench.Mail.Accepted[1].Subject.ShouldBe("Hello Lee");
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedNoReply);
    }

    [Theory, OnEveryDatabase]
    public async Task a_reply_finishes_the_enrollment_even_while_paused(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        await bench.SignalAsync(run, _ => new Paused(bench.Now, Actor.User(bench.User)));
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Paused);

        bench.Mail.Reply(bench.Mail.Accepted[0], "Yes, please call me.");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.ReadInboxAsync()).ShouldBeTrue();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        await bench.PassAsync(Duration.FromDays(30));
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task a_reply_that_lies_in_the_inbox_when_a_step_comes_due_stops_it(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Thanks, not now.");

        await bench.PassAsync(Duration.FromDays(2));

        bench.Mail.Accepted.Count.ShouldBe(1);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
    }

    [Theory, OnEveryDatabase]
    public async Task a_stop_committed_before_data_wins(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.OneEmail), "lee@acme.test");
        bench.Mail.Script("lee@acme.test", async (email, lastCheck) =>
        {
            await bench.SignalAsync(run, _ => new Removed(bench.Now, Actor.User(bench.User), RemovalRule.User));
            return await bench.Mail.AcceptAsync(email, lastCheck);
        });

        await bench.SettleAsync();

        bench.Mail.Accepted.ShouldBeEmpty();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedUnenrolled);
    }

    [Theory, OnEveryDatabase]
    public async Task an_opt_out_between_the_claim_and_data_wins_and_leaves_every_sequence(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var loose = await bench.PublishAsync(SampleSequences.OneEmail.Replace("\"steps\"", "\"settings\":{\"oneAtATime\":false},\"steps\"", StringComparison.Ordinal));
        var other = await bench.PublishAsync(SampleSequences.ManualThenCall.Replace("\"stopOnReply\":false", "\"stopOnReply\":false,\"oneAtATime\":false", StringComparison.Ordinal));
        var contact = await bench.AddContactAsync("lee@acme.test");
        var first = (await bench.EnrollAsync(loose, contact)).Id!.Value;
        var second = (await bench.EnrollAsync(other, contact)).Id!.Value;
        bench.Mail.Script("lee@acme.test", async (email, lastCheck) =>
        {
            await bench.Get<OptOuts>().OptOutAsync(contact, second, OptOutSource.Link, Actor.Contact, CancellationToken.None);
            return await bench.Mail.AcceptAsync(email, lastCheck);
        });

        await bench.SettleAsync();

        bench.Mail.Accepted.ShouldBeEmpty();
        (await bench.FindAsync(first)).State.ShouldBe(EnrollmentState.Unsubscribed);
        (await bench.FindAsync(second)).State.ShouldBe(EnrollmentState.Unsubscribed);
        (await bench.EnrollAsync(loose, contact)).State.ShouldBe(EnrollmentState.FinishedOptOut);
    }

    [Theory, OnEveryDatabase]
    public async Task a_hard_bounce_marks_the_address_and_a_soft_one_does_not(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var hard = await bench.EnrollAsync(sequence, "gone@acme.test");
        var soft = await bench.EnrollAsync(sequence, "full@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted.Single(email => email.ToAddress == "gone@acme.test"), "5.1.1");
        bench.Mail.Report(bench.Mail.Accepted.Single(email => email.ToAddress == "full@acme.test"), "5.2.2");

        await bench.PassAsync(Duration.FromDays(2));

        (await bench.FindAsync(hard)).State.ShouldBe(EnrollmentState.FinishedBounced);
        (await bench.FindAsync(soft)).State.ShouldBe(EnrollmentState.Failed);
        bench.Mail.Accepted.Count.ShouldBe(2);
        var suppressed = await bench.Database.ReadAsync(session => session.QueryAsync<string>("select value from suppression", null, default), default);
        suppressed.ShouldBe(["gone@acme.test"]);
    }

    [Theory, OnEveryDatabase]
    public async Task an_absence_holds_until_the_business_day_after_the_stated_return(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "away@acme.test");
        await bench.SettleAsync();
        bench.Mail.OutOfOffice(bench.Mail.Accepted[0], "I am out of the office and will be back on 12 January 2027.");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.ReadInboxAsync();

        var away = await bench.FindAsync(run);
        away.State.ShouldBe(EnrollmentState.PausedO3);
        away.NextAt.ShouldBe(Instant.FromUtc(2027, 1, 13, 0, 0));
        await bench.PassAsync(Instant.FromUtc(2027, 1, 13, 0, 0) - bench.Now);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        bench.Mail.Accepted.Count.ShouldBe(1);
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task a_draft_waits_for_its_person_and_goes_as_he_wrote_it(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.ManualThenCall), "lee@acme.test");
        await bench.SettleAsync();
        var pending = await bench.FindAsync(run);
        pending.State.ShouldBe(EnrollmentState.Pending);
        bench.Mail.Accepted.ShouldBeEmpty();

        var sent = await bench.Get<TaskVerbs>().CompleteAsync(bench.Workspace, Actor.User(bench.User), pending.Position.Task!.Value, null, ("Dear Lee", "As we said"), default);
        sent!.Kind.ShouldBe(TransitionKind.Moved);
        await bench.SettleAsync();
        bench.Mail.Accepted.ShouldHaveSingleItem().Text.ShouldBe("As we said");

        await bench.PassAsync(Duration.FromHours(1));
        var call = await bench.FindAsync(run);
        call.State.ShouldBe(EnrollmentState.Pending);
        await bench.Get<TaskVerbs>().CompleteAsync(bench.Workspace, Actor.User(bench.User), call.Position.Task!.Value, "not_interested", null, default);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedUnenrolled);
    }

    [Theory, OnEveryDatabase]
    public async Task a_hundred_enrollments_of_one_contact_at_once_enroll_it_once(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        var contact = await bench.AddContactAsync("lee@acme.test");

        var rows = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => bench.EnrollAsync(sequence, contact))));

        rows.Count(row => row.State == EnrollmentState.Active).ShouldBe(1);
        rows.Count(row => row.State == EnrollmentState.AlreadyEnrolled).ShouldBe(99);
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task an_enrollment_after_the_end_date_is_a_stored_rejection(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail.Replace("\"steps\"", "\"settings\":{\"endsOn\":\"2027-01-04\"},\"steps\"", StringComparison.Ordinal));
        bench.Time.Advance(TimeSpan.FromDays(2));

        var row = await bench.EnrollAsync(sequence, await bench.AddContactAsync("lee@acme.test"));

        row.State.ShouldBe(EnrollmentState.FinishedUnenrolled);
        (await bench.FindAsync(row.Id!.Value)).Rejected.ShouldBeTrue();
        await bench.SettleAsync();
        bench.Mail.Accepted.ShouldBeEmpty();
    }
}
