using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class PauseTests(Stages stages)
{
    private static readonly MailLab Lab = MailLab.Current;

    [Theory, OnEveryDatabase]
    public async Task a_paused_contact_keeps_his_place_and_goes_on_without_a_repeat(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var (enrollment, lead) = await WaitingForTheSecondAsync(client);

        await client.PutAsync<object>($"enrollments/{enrollment}/pause", new Pause());
        var paused = await client.EnrollmentAsync(enrollment);
        (paused.State, paused.WaitsFor, paused.NextAt).ShouldBe(("paused", "resume", null));

        await client.DeleteAsync($"enrollments/{enrollment}/pause?at={TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}");
        await client.WaitForAsync(enrollment, "finished_no_reply");
        var inbox = await Lab.InboxOfAsync(lead);
        inbox.Select(mail => mail.MessageId).Distinct().Count().ShouldBe(2);
        inbox.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task a_pause_ends_on_its_date(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var (enrollment, _) = await WaitingForTheSecondAsync(client);
        var until = TimeProvider.System.GetUtcNow().AddSeconds(3);

        await client.PutAsync<object>($"enrollments/{enrollment}/pause", new Pause(until));

        (await client.EnrollmentAsync(enrollment)).State.ShouldBe("paused");
        var resumed = await client.WaitForAsync(enrollment, "active");
        resumed.ReasonCode.ShouldBe("pause_over");
        (resumed.Since - until).TotalSeconds.ShouldBeInRange(-0.001, 15);
        resumed.Step.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task who_is_taken_out_stays_out(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var (enrollment, lead) = await WaitingForTheSecondAsync(client);

        await client.DeleteAsync($"enrollments/{enrollment}");

        var left = await client.EnrollmentAsync(enrollment);
        (left.State, left.NextAt, left.WaitsFor).ShouldBe(("finished_unenrolled", null, null));
        (await client.RefusedAsync(HttpMethod.Delete, $"enrollments/{enrollment}/pause")).Problem.Code.ShouldBe("closed");
        (await client.RefusedAsync(HttpMethod.Post, $"enrollments/{enrollment}/retry", new Retry())).Problem.Code.ShouldBe("closed");
        (await Lab.InboxOfAsync(lead)).ShouldHaveSingleItem();
    }

    private static async Task<(string Enrollment, string Lead)> WaitingForTheSecondAsync(RefrainClient client)
    {
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));
        var enrollment = await client.EnrollOneAsync(sequence, mailbox, lead);
        await Lab.WaitForMailAsync(lead);
        await client.WaitForAsync(enrollment, run => run.Step == 2 && run.State == "active", "the second step");
        return (enrollment, lead);
    }
}
