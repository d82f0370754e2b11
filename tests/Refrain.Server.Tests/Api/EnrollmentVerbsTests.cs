using Refrain.Core;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class EnrollmentVerbsTests
{
    [Theory, OnEveryDatabase]
    public async Task a_run_is_given_to_another_mailbox(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var run = await server.EnrolledAsync(await server.PublishedAsync());
        var bob = (await server.Api.PostAsync("users", """{"email":"bob@ours.test","name":"Bob"}""")).ShouldBe(201).Id;
        var his = (await server.Api.PostAsync("mailboxes", Samples.Mailbox.Replace("ann@", "bob@", StringComparison.Ordinal).Replace("{\"name\"", $"{{\"userId\":\"{bob}\",\"name\"", StringComparison.Ordinal))).ShouldBe(201).Id;

        var moved = (await server.Api.PostAsync($"{run}/move", $$"""{"mailboxId":"{{his}}"}""")).ShouldBe(200);

        (moved.Member("mailboxId"), moved.Member("userId"), moved.Member("reasonCode")).ShouldBe((his, bob, "sender_changed"));
        (await server.Api.GetAsync($"{run}/events")).Items.Select(line => line.GetProperty("signal").GetString()).ShouldBe(["enrolled", "sender_changed"]);
        (await server.Api.PostAsync($"{run}/move", """{"mailboxId":"nothing"}""")).ShouldBe(422).Errors.ShouldBe(["mailboxId: not_found"]);
        (await server.Api.PostAsync($"{run}/move", "{}")).ShouldBe(422);
        (await server.Api.PutAsync($"users/{bob}", """{"active":false}""")).ShouldBe(200);
        (await server.Api.PostAsync($"{run}/move", $$"""{"mailboxId":"{{his}}"}""")).ShouldBe(422).Errors.ShouldBe(["mailboxId: user_deactivated"]);
        (await server.Api.DeleteAsync(run)).ShouldBe(200);
        var ann = (await server.Api.GetAsync("mailboxes")).Items[0].GetProperty("id").GetString();
        (await server.Api.PostAsync($"{run}/move", $$"""{"mailboxId":"{{ann}}"}""")).ShouldBe(409).Code.ShouldBe("closed");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_run_is_paused_and_resumed_and_taken_out(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var run = await server.EnrolledAsync(await server.PublishedAsync());
        var paused = (await server.Api.PutAsync($"{run}/pause", """{"until":"2027-02-01T10:00:00+01:00"}""")).ShouldBe(200);
        (paused.Member("state"), paused.Member("nextAt")).ShouldBe(("paused", "2027-02-01T09:00:00Z"));
        var forever = (await server.Api.PutAsync($"{run}/pause")).ShouldBe(200);
        (forever.Member("nextAt"), forever.Member("waitsFor")).ShouldBe(("", "resume"));
        (await server.Api.DeleteAsync($"{run}/pause")).ShouldBe(200).Member("state").ShouldBe("active");
        var refused = (await server.Api.DeleteAsync($"{run}/pause")).ShouldBe(409);
        refused.Code.ShouldBe("not_paused");
        (await server.Api.PutAsync($"{run}/pause")).ShouldBe(200);
        (await server.Api.DeleteAsync($"{run}/pause?at=now")).ShouldBe(200).Member("nextAt").ShouldBe("2027-01-04T09:00:00Z");
        (await server.Api.PostAsync($"{run}/skip")).ShouldBe(200).Member("step").ShouldBe("2");
        (await server.Api.DeleteAsync(run)).ShouldBe(200).Member("state").ShouldBe("finished_unenrolled");
        (await server.Api.DeleteAsync(run)).ShouldBe(409);
        var events = (await server.Api.GetAsync($"{run}/events")).Items;
        events[0].GetProperty("signal").GetString().ShouldBe("enrolled");
        events.ShouldAllBe(line => line.GetProperty("actor").GetString() == $"user:{server.Admin}");
        var page = (await server.Api.GetAsync($"{run}/events?limit=2")).ShouldBe(200);
        (await server.Api.GetAsync($"{run}/events?limit=500&cursor={page.Member("next")}")).Items.Count.ShouldBe(events.Count - 2);
    }

    [Fact]
    public async Task what_makes_no_sense_is_refused()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.EnrolledAsync(await server.PublishedAsync());
        (await server.Api.PutAsync($"{run}/pause", """{"until":"2027-01-04T09:00:00Z"}""")).ShouldBe(422).Errors.ShouldBe(["until: in_the_past"]);
        (await server.Api.DeleteAsync($"{run}/pause?at=soon")).ShouldBe(422).Errors.ShouldBe(["at: invalid_value"]);
        (await server.Api.PostAsync($"{run}/retry", """{"unknown":"maybe"}""")).ShouldBe(422).Errors.ShouldBe(["unknown: invalid_value"]);
        (await server.Api.PostAsync($"{run}/retry")).ShouldBe(409);
        (await server.Api.PostAsync($"enrollments/{EnrollmentId.New()}/skip")).ShouldBe(404);
        (await server.Api.GetAsync($"enrollments/{EnrollmentId.New()}/why")).ShouldBe(404);
        (await server.Api.GetAsync($"enrollments/{EnrollmentId.New()}/events")).ShouldBe(404);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_verb_for_many_names_those_who_refuse(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        var one = (await server.EnrolledAsync(sequence, "a@there.test")).Split('/')[1];
        var two = (await server.EnrolledAsync(sequence, "b@there.test")).Split('/')[1];
        (await server.Api.DeleteAsync($"enrollments/{two}")).ShouldBe(200);
        var result = (await server.Api.PostAsync("enrollments/bulk", $$"""{"action":"pause","ids":["{{one}}","{{two}}","{{EnrollmentId.New()}}","?"]}""")).ShouldBe(200);
        result.Member("done").ShouldBe("1");
        result.Json.GetProperty("refused").EnumerateArray().Select(refusal => refusal.GetProperty("code").GetString()).ShouldBe(["closed", "not_found", "not_found"]);
        (await server.Api.PostAsync("enrollments/bulk", """{"action":"resume","filter":{"state":"paused"}}""")).ShouldBe(200).Member("done").ShouldBe("1");
        (await server.Api.PostAsync("enrollments/bulk", """{"action":"resume","filter":{}}""")).ShouldBe(422).Errors.ShouldBe(["filter: required"]);
        (await server.Api.PostAsync("enrollments/bulk", """{"action":"resume"}""")).ShouldBe(422).Errors.ShouldBe(["ids: one_of"]);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task why_shows_every_gate_and_when_it_will_go(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var why = (await server.Api.GetAsync($"{await server.EnrolledAsync(await server.PublishedAsync())}/why")).ShouldBe(200);
        why.Member("state").ShouldBe("active");
        why.Member("predictedAt").ShouldBe("2027-01-05T09:00:00Z");
        why.Json.GetProperty("gates").EnumerateArray().Select(gate => gate.GetProperty("gate").GetString()).ShouldBe(
            ["suppression", "state", "predecessor", "sequence_paused", "end_date", "window", "throttle", "mailbox_health", "inbox_fresh"]);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_list_is_filtered_and_paged_over_sequences_and_states(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        var other = $"sequences/{(await server.Api.PostAsync("sequences", Samples.CallSequence)).Id}";
        (await server.Api.PostAsync($"{other}/publish")).ShouldBe(200);
        (await server.Api.PostAsync($"{sequence}/enrollments", """{"emails":["a@there.test","b@there.test","b@there.test"]}""")).ShouldBe(200);
        (await server.Api.PostAsync($"{other}/enrollments", """{"emails":["c@there.test","d@there.test"]}""")).ShouldBe(200);
        var seen = new List<string?>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = (await server.Api.GetAsync($"enrollments?limit=2{cursor}")).ShouldBe(200);
            seen.AddRange(page.Items.Select(run => run.GetProperty("id").GetString()));
            cursor = page.Json.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : null;
        }
        seen.Count.ShouldBe(5);
        seen.Distinct().Count().ShouldBe(5);
        (await server.Api.GetAsync($"enrollments?sequenceId={sequence.Split('/')[1]}&state=active")).Items.Count.ShouldBe(2);
        (await server.Api.GetAsync("enrollments?state=active")).Items.Count.ShouldBe(4);
    }
}
