using System.Text.Json;
using System.Text.RegularExpressions;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed partial class ApiDescriptionTests
{
    [Fact]
    public async Task every_operation_has_a_name_of_its_own_a_summary_and_a_chapter()
    {
        await using var server = await ApiServer.StartAsync();
        var operations = Operations((await server.Anonymous().GetAsync("/openapi/v1.json")).ShouldBe(200).Json);
        operations.Count.ShouldBeGreaterThan(40);
        operations.Select(one => one.Operation.GetProperty("operationId").GetString()).Distinct().Count().ShouldBe(operations.Count);
        operations.ShouldAllBe(one => one.Operation.GetProperty("summary").GetString()!.Length > 0 && one.Operation.GetProperty("tags").GetArrayLength() == 1);
    }

    [Fact]
    public async Task what_takes_a_body_says_which_and_keys_are_described()
    {
        await using var server = await ApiServer.StartAsync();
        var description = (await server.Anonymous().GetAsync("/openapi/v1.json")).Json;
        description.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString().ShouldBe("bearer");
        description.GetProperty("paths").GetProperty("/api/v1/contacts").GetProperty("post").GetProperty("requestBody").GetRawText().ShouldContain("ContactDetails");
        var schemas = description.GetProperty("components").GetProperty("schemas");
        schemas.GetProperty("SequenceStep").GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
        schemas.GetProperty("Enrollment").GetProperty("properties").GetProperty("state").GetProperty("enum").GetArrayLength().ShouldBe(14);
        schemas.GetProperty("Enrollment").GetProperty("properties").GetProperty("nextAt").GetProperty("format").GetString().ShouldBe("date-time");
    }

    [Fact]
    public async Task the_description_is_the_one_that_was_agreed_on()
    {
        await using var server = await ApiServer.StartAsync();
        var text = (await server.Anonymous().GetAsync("/openapi/v1.json")).ShouldBe(200).Text;
        Snapshots.Compare("openapi.v1.json", text);
    }

    [Fact]
    public async Task the_page_loads_nothing_from_elsewhere_and_could_not()
    {
        await using var server = await ApiServer.StartAsync();
        var page = (await server.Anonymous().GetAsync("/scalar/")).ShouldBe(200);
        page.Text.ShouldContain("scalar.js");
        Elsewhere.IsMatch(page.Text).ShouldBeFalse(page.Text);
        page.Headers["Content-Security-Policy"].ShouldStartWith("default-src 'self'");
        (await server.Anonymous().GetAsync("/scalar/scalar.js")).ShouldBe(200);
    }

    private static List<(string Path, JsonElement Operation)> Operations(JsonElement description) =>
        [.. description.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Value)))];

    [GeneratedRegex("(src|href)=\"(https?:)?//")]
    private static partial Regex Elsewhere { get; }
}
