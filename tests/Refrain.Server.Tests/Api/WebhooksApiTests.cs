using Refrain.Core;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class WebhooksApiTests
{
    [Theory, OnEveryDatabase]
    public async Task a_webhook_tells_its_secret_once_and_keeps_what_waits_for_it(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var made = (await server.Api.PostAsync("webhooks", """{"url":"https://example.com/hook"}""")).ShouldBe(201);
        made.Member("secret").ShouldNotBeNull().ShouldMatch("^whsec_[A-Za-z0-9+/]{43}=$");
        made.Headers["Location"].ShouldBe($"/api/v1/webhooks/{made.Id}");
        made.Json.GetProperty("events").GetRawText().ShouldBe("""["state_changed"]""");
        var listed = (await server.Api.GetAsync("webhooks")).ShouldBe(200);
        listed.Items.ShouldHaveSingleItem().GetProperty("url").GetString().ShouldBe("https://example.com/hook");
        listed.Text.ShouldNotContain("whsec_");
        var run = await server.EnrolledAsync(await server.PublishedAsync());

        var waiting = (await server.Api.GetAsync($"webhooks/{made.Id}/deliveries")).ShouldBe(200).Items.ShouldHaveSingleItem();

        ($"enrollments/{waiting.GetProperty("enrollmentId").GetString()}", waiting.GetProperty("status").GetString(), waiting.GetProperty("event").GetString()).ShouldBe((run, "waiting", "state_changed"));
        (await server.Api.PostAsync($"webhooks/{made.Id}/replay", """{"since":"2027-01-01T00:00:00Z"}""")).ShouldBe(200).Member("deliveries").ShouldBe("1");
        (await server.Api.DeleteAsync($"webhooks/{made.Id}")).ShouldBe(204);
        (await server.Api.DeleteAsync($"webhooks/{made.Id}")).ShouldBe(404);
        (await server.Api.GetAsync("webhooks")).Items.ShouldBeEmpty();
        (await server.Api.GetAsync($"webhooks/{made.Id}/deliveries")).ShouldBe(404);
    }

    [Theory]
    [InlineData("""{"url":"ftp://example.com"}""", "url: invalid_url")]
    [InlineData("""{"url":"example.com"}""", "url: invalid_url")]
    [InlineData("""{"url":"https://user:secret@example.com"}""", "url: invalid_url")]
    [InlineData("""{"url":"https://example.com","events":[]}""", "events: required")]
    [InlineData("""{"url":"https://example.com","events":["everything"]}""", "events[0]: invalid_value")]
    [InlineData("""{"url":"https://example.com","secret":"short"}""", "secret: invalid_secret")]
    public async Task what_is_wrong_with_a_webhook_is_named(string body, string error)
    {
        await using var server = await ApiServer.StartAsync();

        (await server.Api.PostAsync("webhooks", body)).ShouldBe(422).Errors.ShouldBe([error]);
    }

    [Fact]
    public async Task only_an_administrator_says_where_news_go()
    {
        await using var server = await ApiServer.StartAsync();
        UserId.TryParse((await server.Api.PostAsync("users", """{"email":"bob@ours.test","name":"Bob"}""")).Id, out var bob).ShouldBeTrue();
        var member = await server.AsAsync(bob);

        (await member.PostAsync("webhooks", """{"url":"https://example.com/hook"}""")).ShouldBe(403);
        (await member.GetAsync("webhooks")).ShouldBe(200);
    }
}
