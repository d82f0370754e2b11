using Refrain.Core;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class AccessTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task nobody_gets_in_without_a_key_that_is_known(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var anonymous = (await server.Anonymous().GetAsync("contacts")).ShouldBe(401);
        anonymous.Code.ShouldBe("no_key");
        anonymous.Headers["WWW-Authenticate"].ShouldBe("Bearer");
        (await server.With("rfr_wrong").GetAsync("contacts")).ShouldBe(401).Code.ShouldBe("invalid_key");
        (await server.With("nonsense").PostAsync("contacts", "{}")).ShouldBe(401).Code.ShouldBe("invalid_key");
        (await server.Api.GetAsync("contacts")).ShouldBe(200);
    }

    [Fact]
    public async Task the_doors_that_are_open_to_all_are_these()
    {
        await using var server = await ApiServer.StartAsync();
        var anonymous = server.Anonymous();
        (await anonymous.GetAsync("/healthz")).ShouldBe(200).Member("status").ShouldBe("ok");
        (await anonymous.GetAsync("/openapi/v1.json")).ShouldBe(200);
        (await anonymous.GetAsync("/scalar/")).ShouldBe(200);
        foreach (var path in (string[])["users", "mailboxes", "contacts", "sequences", "enrollments", "failures", "tasks", "suppressions", "jobs", "keys", "webhooks"])
            (await anonymous.GetAsync(path)).ShouldBe(401);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_viewer_looks_and_a_member_works_and_only_an_administrator_manages_people(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var viewer = await AddAsync(server, "viewer");
        var member = await AddAsync(server, "member");
        (await viewer.GetAsync("contacts")).ShouldBe(200);
        (await viewer.PostAsync("contacts", """{"email":"bob@there.test"}""")).ShouldBe(403).Code.ShouldBe("forbidden");
        (await member.PostAsync("contacts", """{"email":"bob@there.test"}""")).ShouldBe(201);
        (await member.PostAsync("users", """{"email":"eve@ours.test","name":"Eve"}""")).ShouldBe(403);
    }

    [Theory, OnEveryDatabase]
    public async Task a_viewer_may_ask_for_a_forecast_which_changes_nothing(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync("""
            {"name":"One","steps":[{"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"Hi"}]}
            """);
        var viewer = await AddAsync(server, "viewer");
        var mailbox = (await server.Api.GetAsync("mailboxes")).Items[0].GetProperty("id").GetString();
        (await viewer.PostAsync($"{sequence}/forecast", $$"""{"contacts":3,"mailboxId":"{{mailbox}}"}""")).ShouldBe(200).Json.GetProperty("days").GetArrayLength().ShouldBeGreaterThan(0);
        (await viewer.PostAsync($"{sequence}/publish")).ShouldBe(403);
        (await server.Anonymous().PostAsync($"{sequence}/forecast", """{"contacts":3}""")).ShouldBe(401);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_key_dies_with_its_user_and_the_last_administrator_stays(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var member = await AddAsync(server, "member");
        var id = (await server.Api.GetAsync("users")).Items.Single(user => user.GetProperty("role").GetString() == "member").GetProperty("id").GetString();
        (await server.Api.PutAsync($"users/{id}", """{"dailyCap":50,"active":false}""")).ShouldBe(200).Member("dailyCap").ShouldBe("50");
        (await member.GetAsync("contacts")).ShouldBe(401);
        (await server.Api.PutAsync($"users/{id}", """{"active":true}""")).ShouldBe(200).Json.GetProperty("dailyCap").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await member.GetAsync("contacts")).ShouldBe(200);
        (await server.Api.PutAsync($"users/{server.Admin}", """{"role":"member"}""")).ShouldBe(409).Code.ShouldBe("last_admin");
        (await server.Api.PutAsync($"users/{id}", """{"dailyCap":1001}""")).ShouldBe(422).Errors.ShouldBe(["dailyCap: out_of_range"]);
    }

    [Theory, OnEveryDatabase]
    public async Task keys_are_listed_without_what_they_are_and_a_revoked_one_lets_nobody_in(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var member = await AddAsync(server, "member");
        var listed = (await server.Api.GetAsync("keys")).ShouldBe(200);
        listed.Items.Select(key => key.GetProperty("userEmail").GetString()).ShouldBe(["admin@localhost", "member@ours.test"]);
        listed.Items[0].EnumerateObject().Select(member => member.Name).ShouldBe(["id", "name", "userId", "userEmail", "createdAt", "revokedAt"]);
        listed.Text.ShouldNotContain("rfr_");
        (await member.GetAsync("keys")).ShouldBe(403);
        var key = $"keys/{listed.Items[1].GetProperty("id").GetString()}";
        (await member.DeleteAsync(key)).ShouldBe(403);

        (await server.Api.DeleteAsync(key)).ShouldBe(200).Member("revokedAt").ShouldBe("2027-01-04T09:00:00Z");

        (await member.GetAsync("contacts")).ShouldBe(401);
        server.Time.Advance(TimeSpan.FromHours(1));
        (await server.Api.DeleteAsync(key)).ShouldBe(200).Member("revokedAt").ShouldBe("2027-01-04T09:00:00Z");
        (await server.Api.DeleteAsync($"keys/{UserId.New()}")).ShouldBe(404);
    }

    private static async Task<ApiClient> AddAsync(ApiServer server, string role)
    {
        var user = (await server.Api.PostAsync("users", $$"""{"email":"{{role}}@ours.test","name":"{{role}}","role":"{{role}}"}""")).ShouldBe(201);
        UserId.TryParse(user.Id, out var id).ShouldBeTrue();
        return await server.AsAsync(id);
    }
}
