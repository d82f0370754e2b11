using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class GuardTests(Stages stages)
{
    private static readonly MailLab Lab = MailLab.Current;

    [Theory, OnEveryDatabase]
    public async Task a_contact_is_in_a_sequence_once_however_often_he_is_named(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));

        var twice = await client.EnrollAsync(sequence, mailbox, lead, lead.ToUpperInvariant());
        var again = await client.EnrollmentAsync(await client.EnrollOneAsync(sequence, mailbox, lead));

        twice.ByState.ShouldBe(new Dictionary<string, int> { ["active"] = 1, ["already_enrolled"] = 1 }, ignoreOrder: true);
        (again.State, again.Rejected, again.NextAt).ShouldBe(("already_enrolled", true, null));
        (await client.GetAsync<SequenceStats>($"sequences/{sequence}/stats")).ByState["already_enrolled"].ShouldBe(2);
        await client.WaitForAsync(twice.EnrollmentIds[0], run => run.Step == 2, "the second step");
        (await Lab.InboxOfAsync(lead)).ShouldHaveSingleItem();
    }

    [Theory, OnEveryDatabase]
    public async Task a_hundred_requests_at_once_enroll_a_contact_once(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.EnrollAsync(sequence, mailbox, lead)));

        answers.Sum(answer => answer.ByState.GetValueOrDefault("active")).ShouldBe(1);
        answers.Sum(answer => answer.ByState.GetValueOrDefault("already_enrolled")).ShouldBe(99);
        await Lab.WaitForMailAsync(lead);
        await Eventually.SeeAsync(() => client.EnrollmentsOfAsync(sequence), runs => runs.Count(run => run.Step == 2 && run.State == "active") == 1);
        (await Lab.InboxOfAsync(lead)).ShouldHaveSingleItem();
    }

    [Theory, OnEveryDatabase]
    public async Task one_sequence_at_a_time_and_the_one_in_the_way_is_named(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var other = await client.PublishAsync(Settings.Sequence(Settings.Email("News"), Settings.Email("More", after: Settings.Tomorrow)) with { Name = "The one in the way" });
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro")));
        await client.EnrollOneAsync(other, mailbox, lead);

        var run = await client.EnrollmentAsync(await client.EnrollOneAsync(sequence, mailbox, lead));

        (run.State, run.Rejected).ShouldBe(("other_enrolled", true));
        run.Reason.ShouldContain("The one in the way");
        (await Lab.WaitForMailAsync(lead)).Subject.ShouldBe("News");
    }
}
