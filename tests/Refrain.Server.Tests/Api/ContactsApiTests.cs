using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class ContactsApiTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task an_address_belongs_to_one_contact_however_it_is_written(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var created = (await server.Api.PostAsync("contacts", """{"email":" Bob@There.Test ","firstName":"Bob","fields":{"color":"red"}}""")).ShouldBe(201);
        created.Headers["Location"].ShouldBe($"/api/v1/contacts/{created.Id}");
        var again = (await server.Api.PostAsync("contacts", """{"email":"bob@there.test"}""")).ShouldBe(409);
        again.Code.ShouldBe("contact_exists");
        again.Id.ShouldBe(created.Id);
        var bob = (await server.Api.GetAsync($"contacts/{created.Id}")).ShouldBe(200);
        bob.Member("email").ShouldBe("bob@there.test");
        bob.Json.GetProperty("fields").GetProperty("color").GetString().ShouldBe("red");
        bob.Member("createdAt").ShouldBe("2027-01-04T09:00:00Z");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_contact_is_replaced_and_erased(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var bob = (await server.Api.PostAsync("contacts", """{"email":"bob@there.test","firstName":"Bob"}""")).Id;
        var eve = (await server.Api.PostAsync("contacts", """{"email":"eve@there.test"}""")).Id;
        (await server.Api.PutAsync($"contacts/{bob}", """{"email":"eve@there.test"}""")).ShouldBe(409).Id.ShouldBe(eve);
        (await server.Api.PutAsync($"contacts/{bob}", """{"email":"robert@there.test","timeZone":"Europe/Berlin"}""")).ShouldBe(200).Json.GetProperty("firstName").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await server.Api.DeleteAsync($"contacts/{bob}")).ShouldBe(204);
        (await server.Api.GetAsync($"contacts/{bob}")).ShouldBe(404);
        (await server.Api.DeleteAsync($"contacts/{bob}")).ShouldBe(404);
        (await server.Api.PostAsync("contacts", """{"email":"robert@there.test"}""")).ShouldBe(201);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task erasing_a_contact_takes_him_out_of_his_sequences(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var enrollment = await server.EnrolledAsync(await server.PublishedAsync());
        var contact = (await server.Api.GetAsync(enrollment)).Member("contactId");
        (await server.Api.DeleteAsync($"contacts/{contact}")).ShouldBe(204);
        var after = (await server.Api.GetAsync(enrollment)).ShouldBe(200);
        after.Member("state").ShouldBe("finished_unenrolled");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_list_is_paged_by_key_and_gives_each_once(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        for (var number = 0; number < 5; number++) (await server.Api.PostAsync("contacts", $$"""{"email":"c{{number}}@there.test"}""")).ShouldBe(201);
        var seen = new List<string?>();
        var keys = new List<string?>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = (await server.Api.GetAsync($"contacts?limit=2{cursor}")).ShouldBe(200);
            seen.AddRange(page.Items.Select(contact => contact.GetProperty("email").GetString()));
            keys.AddRange(page.Items.Select(contact => contact.GetProperty("id").GetString()));
            cursor = page.Json.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : null;
        }

        // Two of one millisecond have keys in any order.
        seen.ShouldBe(["c0@there.test", "c1@there.test", "c2@there.test", "c3@there.test", "c4@there.test"], ignoreOrder: true);
        keys.ShouldBe(keys.Order(StringComparer.Ordinal).ToList());
        (await server.Api.GetAsync("contacts?email=C3@there.test")).Items.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task all_that_is_wrong_with_a_contact_is_said_at_once()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync("contacts", """{"email":"bob at there","timeZone":"Mars/Olympus","fields":{"9th":"x"}}""")).ShouldBe(422)
            .Errors.ShouldBe(["email: invalid_address", "timeZone: unknown_time_zone", "fields.9th: invalid_field_name"]);
    }
}
