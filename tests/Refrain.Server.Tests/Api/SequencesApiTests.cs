using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class SequencesApiTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task a_draft_is_written_changed_and_published(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var made = (await server.Api.PostAsync("sequences", Samples.Sequence)).ShouldBe(201);
        made.Member("version").ShouldBe("0");
        var path = $"sequences/{made.Id}";
        var draft = (await server.Api.GetAsync(path)).ShouldBe(200);
        draft.Json.GetProperty("settings").GetProperty("resumeAfter").GetRawText().ShouldBe("""{"value":7,"unit":"days"}""");
        var step = draft.Json.GetProperty("steps")[1].GetProperty("id").GetString();
        (await server.Api.PutAsync(path, $$"""{"name":"Shorter","steps":[{"kind":"call","title":"Call","id":"{{step}}"}]}""")).ShouldBe(200).Member("revision").ShouldBe("2");
        (await server.Api.PostAsync($"{path}/publish")).ShouldBe(200).Member("version").ShouldBe("1");
        (await server.Api.PostAsync($"{path}/publish", """{"openRuns":"stay"}""")).ShouldBe(200).Member("version").ShouldBe("2");
        var after = (await server.Api.GetAsync(path)).ShouldBe(200);
        (after.Member("name"), after.Member("version")).ShouldBe(("Shorter", "2"));
        after.Json.GetProperty("steps")[0].GetProperty("id").GetString().ShouldBe(step);
        (await server.Api.GetAsync("sequences")).Items.ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("Shorter");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task two_editors_cannot_overwrite_each_other(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var path = $"sequences/{(await server.Api.PostAsync("sequences", Samples.CallSequence)).Id}";
        (await server.Api.GetAsync(path)).Headers["ETag"].ShouldBe("\"1\"");
        var withRevision = Samples.CallSequence.Replace("{\"name\"", "{\"revision\":1,\"name\"", StringComparison.Ordinal);
        (await server.Api.PutAsync(path, withRevision)).ShouldBe(200).Headers["ETag"].ShouldBe("\"2\"");
        (await server.Api.PutAsync(path, withRevision)).ShouldBe(409).Code.ShouldBe("stale_revision");
        (await server.Api.SendAsync("PUT", path, Samples.CallSequence, headers: ("If-Match", "\"1\""))).ShouldBe(412).Code.ShouldBe("stale_revision");
        (await server.Api.SendAsync("PUT", path, Samples.CallSequence, headers: ("If-Match", "\"2\""))).ShouldBe(200);
    }

    [Fact]
    public async Task what_is_wrong_with_a_sequence_is_found_when_it_is_saved()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync("sequences",
            """
            {"name":"Bad","settings":{"timeZone":"Mars/Olympus","weight":0},"steps":[
              {"kind":"email","text":"Hi {{ contact.frist_name }}","delay":{"value":-1,"unit":"days"}},
              {"kind":"email","subject":"Hi","text":"Hi {{ contact.frist_name }}"},
              {"kind":"call"}]}
            """)).ShouldBe(422).Errors.ShouldBe(
            ["settings.weight: out_of_range", "settings.timeZone: unknown_time_zone", "steps[0].delay.value: out_of_range", "steps[0].subject: invalid_subject", "steps[2].title: invalid_title", "steps[1].text: unknown_field"],
            ignoreOrder: true);
        (await server.Api.PostAsync("sequences", """{"name":"Bad","steps":[{"kind":"call","title":"Call","subject":"?"}]}""")).ShouldBe(422).Errors.ShouldBe(["steps[0].subject: not_for_this_kind"]);
        (await server.Api.PostAsync("sequences", """{"name":"Bad","steps":[{"kind":"call","title":"Call","id":"1"}]}""")).ShouldBe(422).Errors.ShouldBe(["steps[0].id: unknown_step"]);
    }

    [Fact]
    public async Task an_empty_draft_may_be_saved_and_not_published()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"sequences/{(await server.Api.PostAsync("sequences", """{"name":"Later"}""")).ShouldBe(201).Id}";
        (await server.Api.PostAsync($"{path}/publish")).ShouldBe(422).Errors.ShouldBe(["steps: no_steps"]);
        (await server.Api.PostAsync($"{path}/enrollments", """{"emails":["bob@there.test"]}""")).ShouldBe(422).Errors.ShouldBe(["sequenceId: not_published"]);
        (await server.Api.PostAsync($"{path}/publish", """{"openRuns":"vanish"}""")).ShouldBe(422).Errors.ShouldBe(["openRuns: invalid_value"]);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_pause_of_the_sequence_freezes_what_was_left_of_delays(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        var before = await server.EnrolledAsync(sequence);
        (await server.Api.GetAsync(before)).Member("nextAt").ShouldBe("2027-01-05T09:00:00Z");
        server.Time.Advance(TimeSpan.FromHours(10));
        (await server.Api.PutAsync($"{sequence}/pause")).ShouldBe(200).Member("pausedAt").ShouldBe("2027-01-04T19:00:00Z");
        server.Time.Advance(TimeSpan.FromDays(3));
        var during = await server.EnrolledAsync(sequence, "eve@there.test");
        var frozen = (await server.Api.GetAsync(before)).ShouldBe(200);
        (frozen.Member("state"), frozen.Member("nextAt"), frozen.Member("waitsFor")).ShouldBe(("active", "", "resume"));
        var why = (await server.Api.GetAsync($"{before}/why")).ShouldBe(200);
        why.Member("sentence").ShouldNotBeNull().ShouldContain("The whole sequence is paused.");
        why.Member("predictedAt").ShouldBe("");
        server.Time.Advance(TimeSpan.FromDays(1));
        (await server.Api.DeleteAsync($"{sequence}/pause")).ShouldBe(200).Member("pausedAt").ShouldBe("");
        (await server.Api.GetAsync(before)).Member("nextAt").ShouldBe("2027-01-09T09:00:00Z");
        (await server.Api.GetAsync(during)).Member("nextAt").ShouldBe("2027-01-09T19:00:00Z");
        (await server.Api.DeleteAsync($"{sequence}/pause")).ShouldBe(200);
        (await server.Api.GetAsync(before)).Member("nextAt").ShouldBe("2027-01-09T09:00:00Z");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_publication_shows_first_whom_it_meets_and_then_takes_them_along(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        var run = await server.EnrolledAsync(sequence);
        var draft = (await server.Api.GetAsync(sequence)).Json;
        var call = draft.GetProperty("steps")[1].GetRawText();
        (await server.Api.PutAsync(sequence, $$"""{"name":"Intro","steps":[{{call}}]}""")).ShouldBe(200);

        var rehearsed = (await server.Api.PostAsync($"{sequence}/publish?dryRun=true&limit=10", """{"openRuns":"move"}""")).ShouldBe(200);
        (rehearsed.Member("version"), rehearsed.Member("affected")).ShouldBe(("2", "1"));
        rehearsed.Json.GetProperty("byFate").GetRawText().ShouldBe("""{"keeps_step":0,"goes_on":1,"ends":0,"stays":0}""");
        var meets = rehearsed.Items.ShouldHaveSingleItem();
        ($"enrollments/{meets.GetProperty("enrollmentId").GetString()}", meets.GetProperty("fate").GetString(), meets.GetProperty("nextStep").GetInt32()).ShouldBe((run, "goes_on", 1));
        (await server.Api.PostAsync($"{sequence}/publish?dryRun=true")).ShouldBe(200).Member("affected").ShouldBe("0");
        (await server.Api.GetAsync(sequence)).Member("version").ShouldBe("1");

        var published = (await server.Api.PostAsync($"{sequence}/publish", """{"openRuns":"move"}""")).ShouldBe(200);

        published.Member("version").ShouldBe("2");
        var moves = published.Json.GetProperty("moves");
        (moves.GetProperty("kind").GetString(), moves.GetProperty("state").GetString(), moves.GetProperty("done").GetInt32()).ShouldBe(("move", "finished", 1));
        var moved = (await server.Api.GetAsync(run)).ShouldBe(200);
        (moved.Member("version"), moved.Member("step"), moved.Member("state"), moved.Member("nextAt")).ShouldBe(("2", "1", "active", "2027-01-06T09:00:00Z"));
        (await server.Api.GetAsync($"{run}/events")).Items[^1].GetProperty("whyCode").GetString().ShouldBe("step_removed");
        (await server.Api.PostAsync($"{sequence}/publish", """{"openRuns":"stay"}""")).ShouldBe(200).Json.GetProperty("moves").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task counts_name_all_fourteen_states_and_agree_with_the_rows(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        (await server.Api.PostAsync($"{sequence}/enrollments", """{"emails":["a@there.test","b@there.test","b@there.test"]}""")).ShouldBe(200);
        var stats = (await server.Api.GetAsync($"{sequence}/stats")).ShouldBe(200).Json;
        var states = stats.GetProperty("byState").EnumerateObject().ToDictionary(state => state.Name, state => state.Value.GetInt64());
        states.Count.ShouldBe(14);
        (states["active"], states["already_enrolled"], states.Values.Sum()).ShouldBe((2, 1, 3));
        stats.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetInt32()).ShouldBe([1, 2]);
        stats.GetProperty("steps")[0].GetProperty("sent").GetInt64().ShouldBe(0);
    }
}
