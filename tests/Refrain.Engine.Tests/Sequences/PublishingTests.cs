using System.Text.Json;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Loops;
using Refrain.Engine.Sequences;
using Refrain.Engine.Tasks;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;
using Paused = Refrain.Core.Enrollments.Paused;

namespace Refrain.Engine.Tests.Sequences;

public sealed class PublishingTests
{
    private const string Three = """
        {"name":"Three","steps":[
            {"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"First"},
            {"kind":"call","title":"Call","delay":{"value":1,"unit":"days"}},
            {"kind":"email","delay":{"value":2,"unit":"days"},"subject":"Again","text":"Last"}]}
        """;

    [Theory, OnEveryDatabase]
    public async Task a_deleted_step_closes_its_task_and_goes_on_with_the_next_in_the_new_version(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(Three);
        var atCall = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromDays(1));
        var before = await bench.EnrollAsync(sequence, "kim@acme.test");
        await bench.SettleAsync();
        (await bench.FindAsync(atCall)).State.ShouldBe(EnrollmentState.Pending);
        await SaveAsync(bench, sequence, steps => [steps[0], steps[2] with { Text = "Last, but better" }]);

        var rehearsed = EngineBench.Value(await bench.Get<PublishRehearsals>().RehearseAsync(bench.Workspace, sequence, OpenRuns.Move, Guid.Empty, 1, default));
        (rehearsed.Version, rehearsed.Affected, rehearsed.ByFate["goes_on"], rehearsed.Items.Count).ShouldBe((2, 2, 2, 1));
        (rehearsed.Items[0].EnrollmentId, rehearsed.Items[0].Step, rehearsed.Items[0].NextStep, rehearsed.Next).ShouldBe((atCall.ToString(), 2, 2, atCall.ToString()));
        (await bench.FindAsync(atCall)).SequenceVersion.ShouldBe(1);

        var published = await PublishAsync(bench, sequence);

        (published.Version, published.Moves!.State, published.Moves.Done).ShouldBe((2, JobState.Finished, 2));
        var moved = await bench.FindAsync(atCall);
        (moved.SequenceVersion, moved.State, moved.NextAt, moved.Why.Code).ShouldBe((2, EnrollmentState.Active, bench.Now + Duration.FromDays(2), "step_removed"));
        (await bench.Get<TaskQueries>().ListAsync(bench.Workspace, new(), TaskCursor.Start, 10, default)).Items.ShouldBeEmpty();
        var line = (await bench.Get<EnrollmentQueries>().EventsAsync(bench.Workspace, atCall, 0, 50, default))!.Items[^1];
        (line.Signal, line.Actor, line.Why).ShouldBe(("moved_to_version", $"user:{bench.User}", "Step 2 is not in version 2: this contact goes on with step 2 there."));
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Count(email => email.Text == "Last, but better").ShouldBe(2);
        (await bench.FindAsync(before)).State.ShouldBe(EnrollmentState.FinishedNoReply);
        bench.Mail.Accepted.Count.ShouldBe(4);
    }

    [Theory, OnEveryDatabase]
    public async Task who_keeps_his_step_keeps_his_wait_also_beneath_a_pause(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var (free, held) = (await bench.EnrollAsync(sequence, "lee@acme.test"), await bench.EnrollAsync(sequence, "kim@acme.test"));
        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromDays(1));
        await bench.SignalAsync(held, _ => new Paused(bench.Now, Actor.User(bench.User)));
        await SaveAsync(bench, sequence, steps => [steps[0], steps[1] with { Text = "Second, but better" }, Todo]);

        (await PublishAsync(bench, sequence)).Moves!.ByState.ShouldBe(new Dictionary<string, int> { ["active"] = 1, ["paused"] = 1 });

        (await bench.FindAsync(free)).NextAt.ShouldBe(bench.Now + Duration.FromDays(1));
        await bench.PassAsync(Duration.FromDays(1));
        await bench.PassAsync(Duration.FromDays(9));
        await bench.SignalAsync(held, _ => new Core.Enrollments.Resumed(bench.Now, Actor.User(bench.User)));
        (await bench.FindAsync(held)).NextAt.ShouldBe(bench.Now + Duration.FromDays(1));
        await bench.PassAsync(Duration.FromDays(1));
        bench.Mail.Accepted.Count(email => email.Text == "Second, but better").ShouldBe(2);
        (await bench.FindAsync(free)).State.ShouldBe(EnrollmentState.Pending);
        bench.Mail.Accepted.Count.ShouldBe(4);
    }

    [Theory, OnEveryDatabase]
    public async Task a_run_whose_message_is_under_way_is_moved_when_its_outcome_is_known(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await SaveAsync(bench, sequence, steps => [steps[1], Todo]);
        Published? published = null;
        bench.Mail.Script("lee@acme.test", async (email, lastCheck) =>
        {
            var outcome = await bench.Mail.AcceptAsync(email, lastCheck);
            published = await PublishAsync(bench, sequence);
            return outcome;
        });

        await bench.SettleAsync();

        (published!.Moves!.State, published.Moves.Done).ShouldBe((JobState.Running, 0));
        (await bench.FindAsync(run)).SequenceVersion.ShouldBe(1);
        bench.Time.Advance(TimeSpan.FromSeconds(6));
        (await bench.Loop<JobLoop>().TurnAsync(default)).ShouldBe(TimeSpan.Zero);
        (await bench.FindAsync(run)).SequenceVersion.ShouldBe(2);
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Select(email => email.Text).ShouldBe(["First", "Second"]);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Pending);
    }

    [Theory, OnEveryDatabase]
    public async Task a_version_with_other_steps_leaves_the_runs_in_theirs_and_says_so(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        await SaveAsync(bench, sequence, _ => [Todo]);

        var rehearsed = EngineBench.Value(await bench.Get<PublishRehearsals>().RehearseAsync(bench.Workspace, sequence, OpenRuns.Move, Guid.Empty, 50, default));
        (rehearsed.ByFate["stays"], rehearsed.Items.ShouldHaveSingleItem().Reason).ShouldBe((1, "nothing_survives"));
        var moves = (await PublishAsync(bench, sequence)).Moves!;

        (moves.State, moves.Refused).ShouldBe((JobState.Finished, 1));
        await bench.PassAsync(Duration.FromDays(2));
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedNoReply);
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task a_step_that_comes_back_without_its_id_and_says_the_same_is_the_same(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(Three);
        var before = (await bench.Get<SequenceQueries>().FindAsync(bench.Workspace, sequence, default))!.Steps;

        await SaveAsync(bench, sequence, steps => [.. steps.Select(step => step with { Id = null }), steps[0] with { Id = null }]);

        var after = (await bench.Get<SequenceQueries>().FindAsync(bench.Workspace, sequence, default))!.Steps;
        after.Take(3).Select(step => step.Id).ShouldBe(before.Select(step => step.Id));
        after[3].Id.ShouldNotBe(before[0].Id);
    }

    private static SequenceStep Todo => JsonSerializer.Deserialize<SequenceStep>("""{"kind":"todo","title":"Write a card"}""", WireJson.Options)!;

    private static async Task SaveAsync(EngineBench bench, SequenceId sequence, Func<IReadOnlyList<SequenceStep>, IReadOnlyList<SequenceStep>> change)
    {
        var there = (await bench.Get<SequenceQueries>().FindAsync(bench.Workspace, sequence, default))!;
        EngineBench.Value(await bench.Get<SequenceDesk>().SaveAsync(
            bench.Workspace, sequence, new() { Name = there.Name, Settings = there.Settings, Steps = change(there.Steps) }, default)).Revision.ShouldBe(there.Revision + 1);
    }

    private static async Task<Published> PublishAsync(EngineBench bench, SequenceId sequence) =>
        EngineBench.Value(await bench.Get<Publishing>().PublishAsync(new(bench.Workspace, bench.User, Role.Admin), sequence, OpenRuns.Move, default));
}
