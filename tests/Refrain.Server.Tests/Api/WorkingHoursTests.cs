using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class WorkingHoursTests
{
    private const string Hours = """
        {"timeZone":"Europe/Berlin","windows":[{"days":["mon","tue"],"from":"09:00","to":"12:00"},{"days":["mon"],"from":"13:00","to":"17:00"}]}
        """;

    [Theory, OnEveryDatabase]
    public async Task a_users_working_hours_are_kept_until_others_are_given(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var created = (await server.Api.PostAsync("users", $$"""{"email":"eve@ours.test","name":"Eve","workingHours":{{Hours}}}""")).ShouldBe(201);
        created.Json.GetProperty("workingHours").GetProperty("windows").GetArrayLength().ShouldBe(2);
        var user = $"users/{created.Id}";

        (await server.Api.PutAsync(user, """{"dailyCap":50}""")).ShouldBe(200).Json.GetProperty("workingHours").GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");
        (await server.Api.GetAsync(user)).Json.GetProperty("workingHours").GetRawText().ShouldBe(Hours.Trim());
        (await server.Api.PutAsync(user, """{"workingHours":{"timeZone":"UTC","windows":[]}}""")).ShouldBe(200)
            .Json.GetProperty("workingHours").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Theory]
    [InlineData("""{"timeZone":"Mars/Olympus","windows":[]}""", "workingHours.timeZone: unknown_time_zone")]
    [InlineData("""{"timeZone":"UTC","windows":[{"days":[],"from":"09:00","to":"17:00"}]}""", "workingHours.windows[0]: window_without_days")]
    [InlineData("""{"timeZone":"UTC","windows":[{"days":["mon"],"from":"09:00","to":"09:00"}]}""", "workingHours.windows[0]: window_is_empty")]
    [InlineData("""{"timeZone":"UTC","windows":[{"days":["mon"],"from":"09:00","to":"17:00"},{"days":["mon"],"from":"16:00","to":"18:00"}]}""", "workingHours.windows[1]: windows_overlap")]
    [InlineData("""{"windows":[]}""", "workingHours.timeZone: required")]
    [InlineData("""{"timeZone":"UTC","windows":[],"holidays":[]}""", "workingHours.holidays: unknown_member")]
    public async Task what_is_wrong_with_working_hours_names_the_field(string hours, string error)
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PutAsync($"users/{server.Admin}", $$"""{"workingHours":{{hours}}}""")).ShouldBe(422).Errors.ShouldBe([error]);
        (await server.Api.PostAsync("users", $$"""{"email":"eve@ours.test","name":"Eve","workingHours":{{hours}}}""")).ShouldBe(422).Errors.ShouldBe([error]);
    }

    [Theory, OnEveryDatabase]
    public async Task a_salesperson_reads_that_an_email_waits_for_the_owner_of_its_mailbox(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        (await server.Api.PutAsync($"users/{server.Admin}", """{"workingHours":{"timeZone":"UTC","windows":[{"days":["tue"],"from":"09:00","to":"17:00"}]}}""")).ShouldBe(200);
        var sequence = await server.PublishedAsync("""
            {"name":"One","settings":{"ownerHours":true},"steps":[{"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"Hi"}]}
            """);
        var why = (await server.Api.GetAsync($"{await server.EnrolledAsync(sequence, "bob@there.test")}/why")).ShouldBe(200);
        why.Member("sentence")!.ShouldContain("not before the working hours of the mailbox's owner");
        why.Member("predictedAt").ShouldBe("2027-01-05T09:00:00Z");
        var days = (await server.Api.PostAsync($"{sequence}/forecast", """{"contacts":3}""")).ShouldBe(200).Json.GetProperty("days");
        days[0].GetRawText().ShouldBe("""{"day":"2027-01-05","sent":4,"waiting":0}""");
    }
}
