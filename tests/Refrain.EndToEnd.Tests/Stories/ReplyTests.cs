using MimeKit;
using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class ReplyTests(Stages stages)
{
    private static readonly MailLab Lab = MailLab.Current;

    [Theory, OnEveryDatabase]
    public async Task who_replies_gets_nothing_more_and_who_does_not_gets_the_follow_up_in_the_thread(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var (replier, silent) = (MailLab.Fresh("lead"), MailLab.Fresh("lead"));
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("Another subject", after: new(1, DelayUnit.Minutes))));
        var ids = (await client.EnrollAsync(sequence, mailbox, replier, silent)).EnrollmentIds;

        await Lab.ReplyAsAsync(replier, "Sounds good, call me on Tuesday.");

        var replied = await client.WaitForAsync(ids[0], "finished_replied");
        (replied.NextAt, replied.WaitsFor).ShouldBe((null, null));
        (await client.RefusedAsync(HttpMethod.Post, $"enrollments/{ids[0]}/skip")).Problem.Code.ShouldBe("closed");
        await FollowUpIsThreadedAsync(silent);
        await client.WaitForAsync(ids[1], "finished_no_reply");
        (await Lab.InboxOfAsync(replier)).ShouldHaveSingleItem().Subject.ShouldBe("Intro");
        var stats = await client.GetAsync<SequenceStats>($"sequences/{sequence}/stats");
        stats.Steps.Select(step => (step.Sent, step.Replied)).ShouldBe([(2L, 1L), (1L, 0L)]);
    }

    [Theory, OnEveryDatabase]
    public async Task a_colleague_who_answers_in_the_thread_counts(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));
        var enrollment = await client.EnrollOneAsync(sequence, mailbox, lead);

        await Lab.ReplyAsAsync(lead, "I take over from my colleague: please call.", from: MailLab.Fresh("lead", "globex.test"));

        await client.WaitForAsync(enrollment, "finished_replied");
    }

    [Theory, OnEveryDatabase]
    public async Task a_sequence_that_goes_on_finishes_when_its_steps_are_done(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("News"), new SequenceStep { Kind = StepKind.Call, Title = "Call" }) with { Settings = new() { StopOnReply = false } });
        var enrollment = await client.EnrollOneAsync(sequence, mailbox, lead);

        await Lab.ReplyAsAsync(lead, "Thanks for the news.");

        await Eventually.SeeAsync(() => client.EventsAsync(enrollment), events => events.Any(line => line.Signal == "replied"));
        await client.WaitForAsync(enrollment, "pending");
        await client.PostAsync<object>($"tasks/{(await client.TaskOfAsync(enrollment)).Id}/complete", new TaskCompletion());
        (await client.EnrollmentAsync(enrollment)).State.ShouldBe("finished");
    }

    [Theory, OnEveryDatabase]
    public async Task who_stays_silent_finishes_without_a_reply_and_a_late_reply_corrects_it(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro")));
        var enrollment = await client.EnrollOneAsync(sequence, mailbox, lead);
        await client.WaitForAsync(enrollment, "finished_no_reply");

        await Lab.ReplyAsAsync(lead, "Sorry for the late answer: yes, please.");

        await client.WaitForAsync(enrollment, "finished_replied");
    }

    private static async Task FollowUpIsThreadedAsync(string lead)
    {
        await Lab.WaitForMailAsync(lead, mail => mail.InReplyTo is not null, TimeSpan.FromSeconds(100));
        var (first, second) = await Lab.InboxOfAsync(lead) is [var one, var two] ? (one, two) : throw new InvalidOperationException("not two mails");
        second.InReplyTo.ShouldBe(first.MessageId);
        second.References.ShouldBe([first.MessageId!]);
        second.Subject.ShouldEndWith(first.Subject!);
        second.MessageId.ShouldNotBe(first.MessageId);
        second.Headers[HeaderId.AutoSubmitted].ShouldBeNull();
    }
}
