using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class ManualEmailTests(Stages stages)
{
    private static readonly MailLab Lab = MailLab.Current;

    [Theory, OnEveryDatabase]
    public async Task a_draft_waits_for_a_person_and_goes_as_he_wrote_it(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(
            new SequenceStep { Kind = StepKind.ManualEmail, Subject = "For {{ contact.email }}", Text = "The draft." }, Settings.Email("More", after: Settings.Tomorrow)));
        var enrollment = await client.EnrollOneAsync(sequence, mailbox, lead);

        var pending = await client.WaitForAsync(enrollment, "pending");
        pending.WaitsFor.ShouldBe("person");
        var task = await client.TaskOfAsync(enrollment);
        task.Kind.ShouldBe(TaskKind.ManualEmail);
        task.Draft.ShouldBe(new Draft($"For {lead}", "The draft."));
        (await Lab.InboxOfAsync(lead)).ShouldBeEmpty();
        await client.PostAsync<object>($"tasks/{task.Id}/complete", new TaskCompletion(Draft: new("A better subject", "What I really wanted to say.")));

        var mail = await Lab.WaitForMailAsync(lead);
        (mail.Subject, mail.TextBody!.Split('\r', '\n')[0]).ShouldBe(("A better subject", "What I really wanted to say."));
        await client.WaitForAsync(enrollment, run => run.Step == 2 && run.State == "active", "the second step");
        (await client.RefusedAsync(HttpMethod.Post, $"tasks/{task.Id}/complete", new TaskCompletion())).Problem.Code.ShouldBe("task_ended");
        (await Lab.InboxOfAsync(lead)).ShouldHaveSingleItem();
    }

    [Theory, OnEveryDatabase]
    public async Task the_outcome_of_a_call_may_take_a_contact_out(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var sequence = await client.PublishAsync(Settings.Sequence(
            new SequenceStep { Kind = StepKind.Call, Title = "Call", Outcomes = new Dictionary<string, OutcomeAction> { ["not_interested"] = OutcomeAction.Unenroll } },
            Settings.Email("More")));
        var enrollment = await client.EnrollOneAsync(sequence, mailbox, MailLab.Fresh("lead"));
        await client.WaitForAsync(enrollment, "pending");

        await client.PostAsync<object>($"tasks/{(await client.TaskOfAsync(enrollment)).Id}/complete", new TaskCompletion("not_interested"));

        (await client.EnrollmentAsync(enrollment)).State.ShouldBe("finished_unenrolled");
    }
}
