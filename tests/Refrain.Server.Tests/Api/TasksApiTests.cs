using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class TasksApiTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task a_task_is_done_once(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync("""{"name":"Calls","steps":[{"kind":"call","title":"Call","outcomes":{"reached":"continue"}}]}""");
        var run = await server.EnrolledAsync(sequence);
        await OpenTaskAsync(server, run);
        var task = (await server.Api.GetAsync("tasks")).ShouldBe(200).Items.ShouldHaveSingleItem();
        (task.GetProperty("kind").GetString(), task.GetProperty("title").GetString(), task.GetProperty("draft").ValueKind).ShouldBe(("call", "Call", System.Text.Json.JsonValueKind.Null));
        $"enrollments/{task.GetProperty("enrollmentId").GetString()}".ShouldBe(run);
        var path = $"tasks/{task.GetProperty("id").GetString()}";
        (await server.Api.PostAsync($"{path}/complete", """{"draft":{"subject":"a\nb","text":"x"}}""")).ShouldBe(422).Errors.ShouldBe(["draft.subject: invalid_subject"]);
        (await server.Api.PostAsync($"{path}/complete", """{"outcome":"asleep"}""")).ShouldBe(422).Errors.ShouldBe(["outcome: unknown_outcome"]);
        (await server.Api.PostAsync($"{path}/complete", """{"outcome":"reached"}""")).ShouldBe(204);
        (await server.Api.PostAsync($"{path}/complete")).ShouldBe(409).Code.ShouldBe("task_ended");
        (await server.Api.PostAsync($"tasks/{TaskId.New()}/skip")).ShouldBe(404);
        (await server.Api.GetAsync("tasks")).Items.ShouldBeEmpty();
        (await server.Api.GetAsync(run)).Member("state").ShouldBe("finished");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task the_queue_is_paged_and_filtered(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync(Samples.CallSequence);
        foreach (var name in (string[])["a", "b", "c"]) await OpenTaskAsync(server, await server.EnrolledAsync(sequence, $"{name}@there.test"));
        var first = (await server.Api.GetAsync("tasks?limit=2")).ShouldBe(200);
        var second = (await server.Api.GetAsync($"tasks?limit=2&cursor={first.Member("next")}")).ShouldBe(200);
        first.Items.Concat(second.Items).Select(task => task.GetProperty("id").GetString()).Distinct().Count().ShouldBe(3);
        second.Member("next").ShouldBe("");
        (await server.Api.GetAsync("tasks?kind=todo")).Items.ShouldBeEmpty();
        (await server.Api.GetAsync($"tasks?userId={server.Admin}")).Items.Count.ShouldBe(3);
        (await server.Api.PostAsync($"tasks/{first.Items[0].GetProperty("id").GetString()}/skip")).ShouldBe(204);
        (await server.Api.GetAsync("tasks")).Items.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task tasks_are_put_off_and_given_away_and_their_runs_wait_as_they_did(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync(Samples.CallSequence);
        foreach (var name in (string[])["a", "b"]) await OpenTaskAsync(server, await server.EnrolledAsync(sequence, $"{name}@there.test"));
        var queue = (await server.Api.GetAsync("tasks")).Items.Select(task => task.GetProperty("id").GetString()).ToList();
        var bob = (await server.Api.PostAsync("users", """{"email":"bob@ours.test","name":"Bob"}""")).ShouldBe(201).Id;

        (await server.Api.PostAsync($"tasks/{queue[0]}/snooze", """{"until":"2027-01-05T09:00:00Z"}""")).ShouldBe(204);
        (await server.Api.PostAsync($"tasks/{queue[0]}/snooze", """{"until":"2027-01-03T09:00:00Z"}""")).ShouldBe(422).Errors.ShouldBe(["until: in_the_past"]);
        (await server.Api.PostAsync($"tasks/{queue[0]}/reassign", $$"""{"userId":"{{bob}}"}""")).ShouldBe(204);
        (await server.Api.PostAsync($"tasks/{queue[0]}/reassign", $$"""{"userId":"{{UserId.New()}}"}""")).ShouldBe(422).Errors.ShouldBe(["userId: not_found"]);
        (await server.Api.PostAsync($"tasks/{TaskId.New()}/reassign", $$"""{"userId":"{{bob}}"}""")).ShouldBe(404);

        (await server.Api.GetAsync("tasks")).Items.Select(task => task.GetProperty("id").GetString()).ShouldBe([queue[1], queue[0]]);
        var his = (await server.Api.GetAsync($"tasks?userId={bob}")).Items.ShouldHaveSingleItem();
        (his.GetProperty("id").GetString(), his.GetProperty("dueAt").GetString()).ShouldBe((queue[0], "2027-01-05T09:00:00Z"));
        (await server.Api.GetAsync($"enrollments/{his.GetProperty("enrollmentId").GetString()}")).Member("userId").ShouldBe(server.Admin.ToString());
    }

    [Theory, OnEveryDatabase]
    public async Task many_tasks_are_ended_at_once_and_which_refuse_is_named(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync(Samples.CallSequence);
        foreach (var name in (string[])["a", "b", "c"]) await OpenTaskAsync(server, await server.EnrolledAsync(sequence, $"{name}@there.test"));
        var ids = (await server.Api.GetAsync("tasks")).Items.Select(task => task.GetProperty("id").GetString()).ToList();
        var unknown = TaskId.New().ToString();

        var skipped = (await server.Api.PostAsync("tasks/bulk", $$"""{"action":"skip","ids":["{{ids[0]}}","{{ids[0]}}","{{unknown}}","?"]}""")).ShouldBe(200);
        skipped.Member("done").ShouldBe("1");
        skipped.Json.GetProperty("refused").EnumerateArray().Select(one => one.GetProperty("id").GetString()).ShouldBe([unknown, "?"]);
        var completed = (await server.Api.PostAsync("tasks/bulk", $$"""{"action":"complete","ids":["{{ids[0]}}","{{ids[1]}}","{{ids[2]}}"],"outcome":"reached"}""")).ShouldBe(200);

        completed.Member("done").ShouldBe("2");
        completed.Json.GetProperty("refused")[0].GetProperty("code").GetString().ShouldBe("task_ended");
        (await server.Api.GetAsync("tasks")).Items.ShouldBeEmpty();
        (await server.Api.GetAsync("enrollments?state=finished")).Items.Count.ShouldBe(3);
        (await server.Api.PostAsync("tasks/bulk", """{"action":"snooze","ids":[]}""")).ShouldBe(422).Errors.ShouldBe(["until: required"]);
        (await server.Api.PostAsync("tasks/bulk", """{"action":"skip","ids":[],"outcome":"x"}""")).ShouldBe(422).Errors.ShouldBe(["outcome: not_for_this_action"]);
    }

    [Fact]
    public async Task a_draft_that_still_has_merge_fields_does_not_go_as_it_stands()
    {
        await using var server = await ApiServer.StartAsync();
        var sequence = await server.PublishedAsync("""{"name":"Drafts","steps":[{"kind":"manual_email","subject":"Dear {{ contact.first_name }}","text":"Hello"}]}""");
        await OpenTaskAsync(server, await server.EnrolledAsync(sequence));
        var task = $"tasks/{(await server.Api.GetAsync("tasks")).Items[0].GetProperty("id").GetString()}";

        (await server.Api.PostAsync($"{task}/complete")).ShouldBe(409).Code.ShouldBe("draft_unfinished");
        (await server.Api.PostAsync($"{task}/complete", """{"draft":{"subject":"Dear Bob","text":"Hello"}}""")).ShouldBe(204);
    }

    // What the loop does when the step comes due.
    private static async Task OpenTaskAsync(ApiServer server, string run)
    {
        EnrollmentId.TryParse(run.Split('/')[1], out var id).ShouldBeTrue();
        var now = Instant.FromDateTimeOffset(server.Time.GetUtcNow());
        var answers = await server.Services.GetRequiredService<EnrollmentStore>().SignalAsync(server.Workspace, [id], _ => new ManualStepDue(now, TaskId.New()), CancellationToken.None);
        answers[0].Kind.ShouldBe(TransitionKind.Moved);
    }
}
