using Refrain.Server.Tests.Serving;

namespace Refrain.Server.Tests.Api;

public sealed class ProblemTests
{
    [Fact]
    public async Task everything_that_goes_wrong_is_a_problem_document()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.GetAsync("/nowhere")).ShouldBe(404).Code.ShouldBe("not_found");
        (await server.Api.GetAsync("contacts/zz")).ShouldBe(404).Code.ShouldBe("not_found");
        (await server.Api.SendAsync("PATCH", "contacts", "{}")).ShouldBe(405).Code.ShouldBe("method_not_allowed");
        (await server.Api.PostAsync("contacts", """{"email":""")).ShouldBe(400).Code.ShouldBe("malformed_json");
        (await server.Api.SendAsync("POST", "contacts", "email=x", "application/x-www-form-urlencoded")).ShouldBe(415).Code.ShouldBe("unsupported_media_type");
        (await server.Api.PostAsync("contacts", new string(' ', 11 * 1024 * 1024))).ShouldBe(413).Code.ShouldBe("too_large");
    }

    [Fact]
    public async Task a_parameter_that_is_misspelt_or_wrong_is_named()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.GetAsync("enrollments?sate=active")).ShouldBe(422).Errors.ShouldBe(["sate: unknown_parameter"]);
        (await server.Api.GetAsync("enrollments?state=activ")).ShouldBe(422).Errors.ShouldBe(["state: invalid_value"]);
        (await server.Api.GetAsync("enrollments?sequenceId=1")).ShouldBe(422).Errors.ShouldBe(["sequenceId: invalid_id"]);
        (await server.Api.GetAsync("contacts?limit=0")).ShouldBe(422).Errors.ShouldBe(["limit: out_of_range"]);
        (await server.Api.GetAsync("contacts?limit=many")).ShouldBe(422).Errors.ShouldBe(["limit: invalid_value"]);
        (await server.Api.GetAsync("contacts?cursor=1")).ShouldBe(422).Errors.ShouldBe(["cursor: invalid_cursor"]);
        (await server.Api.GetAsync("tasks?cursor=99999999999999999999_1")).ShouldBe(422).Errors.ShouldBe(["cursor: invalid_cursor"]);
    }
}
