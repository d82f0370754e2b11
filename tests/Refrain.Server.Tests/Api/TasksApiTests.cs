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
        var sequence = await server.PublishedAsync(Samples.CallSequence);
        var run = await server.EnrolledAsync(sequence);
        await OpenTaskAsync(server, run);
        var task = (await server.Api.GetAsync("tasks")).ShouldBe(200).Items.ShouldHaveSingleItem();
        (task.GetProperty("kind").GetString(), task.GetProperty("title").GetString(), task.GetProperty("draft").ValueKind).ShouldBe(("call", "Call", System.Text.Json.JsonValueKind.Null));
        $"enrollments/{task.GetProperty("enrollmentId").GetString()}".ShouldBe(run);
        var path = $"tasks/{task.GetProperty("id").GetString()}";
        (await server.Api.PostAsync($"{path}/complete", """{"draft":{"subject":"a\nb","text":"x"}}""")).ShouldBe(422).Errors.ShouldBe(["draft.subject: invalid_subject"]);
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

    // What the loop does when the step comes due.
    private static async Task OpenTaskAsync(ApiServer server, string run)
    {
        EnrollmentId.TryParse(run.Split('/')[1], out var id).ShouldBeTrue();
        var now = Instant.FromDateTimeOffset(server.Time.GetUtcNow());
        var answers = await server.Services.GetRequiredService<EnrollmentStore>().SignalAsync(server.Workspace, [id], _ => new ManualStepDue(now, TaskId.New()), CancellationToken.None);
        answers[0].Kind.ShouldBe(TransitionKind.Moved);
    }
}
