using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class SuppressionsApiTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task a_suppressed_domain_takes_its_people_out_and_lets_nobody_in(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        var inside = await server.EnrolledAsync(sequence, "bob@there.test");
        var outside = await server.EnrolledAsync(sequence, "bob@elsewhere.test");
        var made = (await server.Api.PostAsync("suppressions", """{"value":"There.Test"}""")).ShouldBe(201);
        (await server.Api.GetAsync(inside)).Member("state").ShouldBe("finished_unenrolled");
        (await server.Api.GetAsync(outside)).Member("state").ShouldBe("active");
        (await server.Api.GetAsync(await server.EnrolledAsync(sequence, "eve@there.test"))).Member("state").ShouldBe("finished_opt_out");
        (await server.Api.PostAsync("suppressions", """{"value":"there.test"}""")).ShouldBe(409).Id.ShouldBe(made.Id);
        (await server.Api.GetAsync("suppressions")).Items.ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("manual");
        (await server.Api.DeleteAsync($"suppressions/{made.Id}")).ShouldBe(204);
        (await server.Api.DeleteAsync($"suppressions/{made.Id}")).ShouldBe(404);
        (await server.Api.GetAsync(await server.EnrolledAsync(sequence, "eve@there.test"))).Member("state").ShouldBe("active");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task an_opt_out_by_api_unsubscribes(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var run = await server.EnrolledAsync(await server.PublishedAsync());
        (await server.Api.PostAsync("suppressions", """{"value":"bob@there.test","reason":"opted_out"}""")).ShouldBe(201);
        (await server.Api.GetAsync(run)).Member("state").ShouldBe("unsubscribed");
    }

    [Theory]
    [InlineData("@@")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task what_is_neither_address_nor_domain_is_refused(string value)
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync("suppressions", $$"""{"value":"{{value}}"}""")).ShouldBe(422).Errors.ShouldBe(["value: invalid_address"]);
    }
}
