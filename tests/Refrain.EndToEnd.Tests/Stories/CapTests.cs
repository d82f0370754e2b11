using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class CapTests(Stages stages)
{
    private static readonly MailLab Lab = MailLab.Current;

    [Theory, OnEveryDatabase]
    public async Task the_third_under_a_cap_of_two_waits_and_knows_until_when(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox() with { DailyCap = 2 });
        var leads = Enumerable.Range(0, 3).Select(_ => MailLab.Fresh("lead")).ToList();
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro")));
        var begun = TimeProvider.System.GetUtcNow();

        var ids = (await client.EnrollAsync(sequence, mailbox, leads)).EnrollmentIds;

        await Eventually.SeeAsync(
            async () => (await Task.WhenAll(ids.Select(client.EnrollmentAsync))).Select(run => run.State).Order().ToList(),
            states => states is ["finished_no_reply", "finished_no_reply", "pending"], seen => Task.FromResult(string.Join(", ", seen)));
        var waiting = (await Task.WhenAll(ids.Select(client.EnrollmentAsync))).Single(run => run.State == "pending");
        (waiting.WaitsFor, waiting.ReasonCode).ShouldBe(("slot", "cap_full"));
        waiting.Reason.ShouldContain("2 of 2");
        var why = await client.GetAsync<EnrollmentWhy>($"enrollments/{waiting.Id}/why");
        (why.PredictedAt - begun).ShouldNotBeNull().TotalHours.ShouldBeInRange(23.9, 24.1);
        why.Gates.Single(gate => gate.Verdict != GateVerdict.Pass).Name.ShouldBe("throttle");
        (await Task.WhenAll(leads.Select(lead => Lab.InboxOfAsync(lead)))).Sum(inbox => inbox.Count).ShouldBe(2);
    }
}
