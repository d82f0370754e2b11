using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Deaths;

/// <summary>A large enrollment whose server is killed as soon as it has accepted it: another ends it, and nobody is enrolled twice.</summary>
public sealed class JobDeathTests
{
    private const int Contacts = 3000;

    [Theory, OnEveryDatabase]
    public async Task a_job_goes_on_after_its_server_was_killed(DatabaseKind kind)
    {
        await using var stage = await Stage.OpenAsync(kind);
        var sequence = await stage.Client.PublishAsync(Settings.Sequence(new SequenceStep { Kind = StepKind.Call, Title = "Call", Delay = Settings.Tomorrow }));
        var emails = Enumerable.Range(0, Contacts).Select(number => $"lead{number}@acme.test").ToList();
        var accepted = await stage.Client.PostAsync<Job>($"sequences/{sequence}/enrollments", new Enroll(Emails: emails));
        await stage.Server.KillAsync();
        (accepted.State, accepted.Total).ShouldBe((JobState.Running, Contacts));

        await using var next = await RefrainProcess.StartAsync(stage.Database);
        using var client = Installations.ClientOf(next, kind);

        // A claim of the dead one ends by itself after half a minute.
        var ended = await Eventually.SeeAsync(
            () => client.GetAsync<Job>($"jobs/{accepted.Id}"), job => job.State == JobState.Finished, job => Task.FromResult($"{job.Done} of {job.Total}"), TimeSpan.FromSeconds(90));
        (ended.Done, ended.Refused, ended.ByState["active"]).ShouldBe((Contacts, 0, Contacts));
        var rows = await client.EnrollmentsOfAsync(sequence);
        rows.Count.ShouldBe(Contacts);
        rows.Select(row => row.ContactId).Distinct().Count().ShouldBe(Contacts);
        (await client.GetAsync<SequenceStats>($"sequences/{sequence}/stats")).ByState["active"].ShouldBe(Contacts);
    }
}
