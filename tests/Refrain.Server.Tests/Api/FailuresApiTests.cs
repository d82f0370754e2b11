using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class FailuresApiTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task failures_are_one_line_a_cause_and_a_filled_field_clears_its_own(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync("""{"name":"Intro","steps":[{"kind":"email","delay":{"value":1,"unit":"days"},"subject":"Hello","text":"Hi {{ contact.first_name }} of {{ contact.company }}"}]}""");
        (await server.Api.PostAsync($"{sequence}/enrollments", """{"emails":["a@there.test","b@there.test"]}""")).ShouldBe(200).Json.GetProperty("byState").GetProperty("failed").GetInt32().ShouldBe(2);
        var group = (await server.Api.GetAsync("failures")).ShouldBe(200).Items.ShouldHaveSingleItem();
        (group.GetProperty("cause").GetString(), group.GetProperty("count").GetInt32(), group.GetProperty("enrollmentIds").GetArrayLength()).ShouldBe(("missing_field", 2, 2));
        group.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("contact.company");
        var contact = (await server.Api.GetAsync("contacts?email=a@there.test")).Items[0].GetProperty("id").GetString();
        (await server.Api.PutAsync($"contacts/{contact}", """{"email":"a@there.test","firstName":"Ada","company":"There"}""")).ShouldBe(200);
        (await server.Api.GetAsync("enrollments?state=active")).Items.ShouldHaveSingleItem().GetProperty("contactId").GetString().ShouldBe(contact);
        (await server.Api.PostAsync("failures/retry", """{"cause":"delivery"}""")).ShouldBe(200).Member("done").ShouldBe("0");
        (await server.Api.PostAsync("failures/retry", """{"cause":"missing_field"}""")).ShouldBe(200).Member("done").ShouldBe("1");
        (await server.Api.GetAsync("failures")).Items.ShouldBeEmpty();
        (await server.Api.PostAsync("failures/retry", """{"cause":"bad_luck"}""")).ShouldBe(422).Errors.ShouldBe(["cause: invalid_value"]);
    }
}
