using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class BounceTests(Stages stages)
{
    [Theory]
    [OnEveryDatabase("nobody")]
    [OnEveryDatabase("gone")]
    [OnEveryDatabase("refused")]
    public async Task an_unknown_address_bounces_and_is_never_mailed_again(DatabaseKind kind, string prefix)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var address = MailLab.Fresh(prefix);
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));

        var bounced = await client.EnrollOneAsync(sequence, mailbox, address);

        var run = await client.WaitForAsync(bounced, "finished_bounced");
        run.Rejected.ShouldBeFalse();
        (await client.SuppressionOfAsync(address)).ShouldNotBeNull().Reason.ShouldBe(SuppressionReason.Bounced);
        var again = await client.EnrollmentAsync(await client.EnrollOneAsync(sequence, mailbox, address));
        (again.State, again.Rejected, again.ReasonCode).ShouldBe(("finished_bounced", true, "known_bad_address"));
        again.EmailsSent.ShouldBe(0);
    }

    [Theory, OnEveryDatabase]
    public async Task a_full_mailbox_fails_the_run_and_the_address_stays_good(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var address = MailLab.Fresh("full");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));

        var failed = await client.WaitForAsync(await client.EnrollOneAsync(sequence, mailbox, address), "failed");

        failed.ReasonCode.ShouldBe("delivery");
        (await client.SuppressionOfAsync(address)).ShouldBeNull();
        var desk = await client.GetAsync<FailureDesk>("failures");
        desk.Items.Where(group => group.SequenceId == sequence).ShouldHaveSingleItem().EnrollmentIds.ShouldBe([failed.Id]);
    }

    [Theory]
    [OnEveryDatabase("policy")]
    [OnEveryDatabase("spammy")]
    public async Task a_refusal_of_the_sender_blames_the_sender_and_not_the_address(DatabaseKind kind, string prefix)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var address = MailLab.Fresh(prefix);
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));

        var failed = await client.WaitForAsync(await client.EnrollOneAsync(sequence, mailbox, address), "failed");

        failed.ReasonCode.ShouldBe("sender");
        (await client.SuppressionOfAsync(address)).ShouldBeNull();
    }

    [Theory, OnEveryDatabase]
    public async Task a_delay_changes_nothing_and_the_failure_after_it_fails_the_run(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var address = MailLab.Fresh("softfull");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));

        var failed = await client.WaitForAsync(await client.EnrollOneAsync(sequence, mailbox, address), "failed");

        failed.ReasonCode.ShouldBe("delivery");
        var events = await client.EventsAsync(failed.Id);
        events.Where(line => line.WhyCode == "delayed").ShouldHaveSingleItem().To.ShouldBe("active");
        events[^1].Signal.ShouldBe("soft_bounced");
        (await client.SuppressionOfAsync(address)).ShouldBeNull();
    }

    [Theory, OnEveryDatabase]
    public async Task a_server_that_asks_for_patience_is_given_some(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro")));

        var enrollment = await client.EnrollOneAsync(sequence, mailbox, MailLab.Fresh("deferred"));

        var run = await client.WaitForAsync(enrollment, found => found.ReasonCode == "retrying", "a retry");
        run.State.ShouldBe("active");
        (run.NextAt - run.Since).ShouldNotBeNull().TotalSeconds.ShouldBeGreaterThan(50);
        run.EmailsSent.ShouldBe(0);
    }
}
