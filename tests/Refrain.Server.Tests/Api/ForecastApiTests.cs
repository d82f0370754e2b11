using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class ForecastApiTests
{
    private const string TwoEmails = """
        {"name":"Two","steps":[
          {"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"Hi"},
          {"kind":"email","delay":{"value":1,"unit":"days"},"subject":"Again","text":"Hi"}]}
        """;

    [Theory]
    [OnEveryDatabase]
    public async Task a_forecast_says_day_by_day_what_is_sent(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync(TwoEmails);
        var forecast = (await server.Api.PostAsync($"{sequence}/forecast", """{"contacts":100,"start":"2027-01-11","dailyCap":60}""")).ShouldBe(200);
        Days(forecast).ShouldBe(["2027-01-11 60 40", "2027-01-12 60 40", "2027-01-13 60 3", "2027-01-14 20 0"]);
        forecast.Member("lastSendAt").ShouldBe("2027-01-14T19:38:00Z");
        forecast.Member("finishedAt").ShouldBe("2027-01-14T19:38:00Z");
        forecast.Json.GetProperty("obstacles").GetArrayLength().ShouldBe(0);
        var mailbox = (await server.Api.GetAsync("mailboxes")).Items[0].GetProperty("id").GetString();
        Days((await server.Api.PostAsync($"{sequence}/forecast", $$"""{"contacts":3,"hourlyCap":2,"mailboxId":"{{mailbox}}"}""")).ShouldBe(200)).ShouldBe(["2027-01-04 3 0", "2027-01-05 3 0"]);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task what_waits_already_takes_its_slots(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync(TwoEmails);
        var other = (await server.Api.PostAsync("sequences", TwoEmails)).ShouldBe(201).Id;
        (await server.Api.PostAsync($"sequences/{other}/publish")).ShouldBe(200);
        await server.EnrolledAsync(sequence, "bob@there.test");
        var held = await server.EnrolledAsync(sequence, "eve@there.test");
        (await server.Api.PutAsync($"{held}/pause", """{"until":"2027-01-20T00:00:00Z"}""")).ShouldBe(200);
        (await server.Api.PutAsync($"{await server.EnrolledAsync(sequence, "zoe@there.test")}/pause")).ShouldBe(200);
        await server.EnrolledAsync($"sequences/{other}", "ann@there.test");
        Days((await server.Api.PostAsync($"{sequence}/forecast")).ShouldBe(200)).Where(day => !day.EndsWith(" 0 0", StringComparison.Ordinal))
            .ShouldBe(["2027-01-04 1 0", "2027-01-05 1 0", "2027-01-20 1 0", "2027-01-21 1 0"]);
        var capped = (await server.Api.PostAsync($"{sequence}/forecast", """{"dailyCap":1}""")).ShouldBe(200);
        Days(capped).Where(day => !day.EndsWith(" 0 0", StringComparison.Ordinal)).Sum(day => int.Parse(day.Split(' ')[1], null)).ShouldBe(4);
        Days(capped)[0].ShouldBeOneOf("2027-01-04 1 0", "2027-01-04 0 1"); // the other sequence may have had the slot
    }

    [Fact]
    public async Task new_contacts_live_where_the_workspaces_contacts_live()
    {
        await using var server = await ApiServer.StartAsync();
        var sequence = await server.PublishedAsync(TwoEmails.Replace("\"steps\"", "\"settings\":{\"windows\":[{\"days\":[\"mon\"],\"from\":\"09:00\",\"to\":\"10:00\"}]},\"steps\"", StringComparison.Ordinal));
        foreach (var (email, zone) in new[] { ("a@there.test", "Asia/Tokyo"), ("b@there.test", "Asia/Tokyo"), ("c@there.test", "Europe/Berlin") })
            (await server.Api.PostAsync("contacts", $$"""{"email":"{{email}}","timeZone":"{{zone}}"}""")).ShouldBe(201);
        // Monday 09:00 UTC: over in Tokyo, not over in Berlin at 09:59.
        var days = Days((await server.Api.PostAsync($"{sequence}/forecast", """{"contacts":9}""")).ShouldBe(200));
        days[0].ShouldBe("2027-01-11 9 0");
        server.Time.SetUtcNow(new DateTimeOffset(2027, 1, 11, 8, 30, 0, TimeSpan.Zero));
        Days((await server.Api.PostAsync($"{sequence}/forecast", """{"contacts":9}""")).ShouldBe(200))[0].ShouldBe("2027-01-11 3 0");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task caps_on_recipient_domains_hold_whom_they_will_hold(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        (await server.Api.PostAsync("mailboxes", Samples.Mailbox.Replace("\"address\"", "\"domainDailyCap\":4,\"address\"", StringComparison.Ordinal))).ShouldBe(201);
        var sequence = $"sequences/{(await server.Api.PostAsync("sequences", TwoEmails)).ShouldBe(201).Id}";
        (await server.Api.PostAsync($"{sequence}/publish")).ShouldBe(200);
        foreach (var email in new[] { "a@big.test", "b@big.test", "c@BIG.test", "d@small.test" })
            (await server.Api.PostAsync("contacts", $$"""{"email":"{{email}}"}""")).ShouldBe(201);
        await server.EnrolledAsync(sequence, "eve@big.test");
        // Of ten, eight are where four of the five contacts are: three of them and eve go, and the two others.
        Days((await server.Api.PostAsync($"{sequence}/forecast", """{"contacts":10}""")).ShouldBe(200))[0].ShouldBe("2027-01-04 6 5");
    }

    [Fact]
    public async Task a_draft_can_be_asked_about_before_it_is_published()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync("mailboxes", Samples.Mailbox)).ShouldBe(201);
        var draft = (await server.Api.PostAsync("sequences", TwoEmails)).Id;
        Days((await server.Api.PostAsync($"sequences/{draft}/forecast", """{"contacts":2}""")).ShouldBe(200)).ShouldBe(["2027-01-04 2 0", "2027-01-05 2 0"]);
        var empty = (await server.Api.PostAsync("sequences", """{"name":"Empty","steps":[]}""")).Id;
        (await server.Api.PostAsync($"sequences/{empty}/forecast", """{"contacts":2}""")).ShouldBe(422).Errors.ShouldBe(["steps: no_steps"]);
    }

    [Fact]
    public async Task what_can_never_finish_is_said()
    {
        await using var server = await ApiServer.StartAsync();
        var sequence = (await server.Api.PostAsync("sequences", TwoEmails.Replace("\"steps\"", "\"settings\":{\"endsOn\":\"2027-01-04\"},\"steps\"", StringComparison.Ordinal))).Id;
        var published = (await server.Api.PostAsync($"sequences/{sequence}/publish")).ShouldBe(200);
        published.Json.GetProperty("warnings")[0].GetRawText().ShouldBe(
            """{"code":"end_date","message":"Whoever is enrolled now never gets to step 2: the sequence ends on 4 January 2027.","step":2}""");
        var forecast = (await server.Api.PostAsync($"sequences/{sequence}/forecast", """{"contacts":3}""")).ShouldBe(200);
        forecast.Member("finishedAt").ShouldBe("");
        forecast.Json.GetProperty("obstacles")[0].GetProperty("code").GetString().ShouldBe("no_sender");
    }

    [Theory]
    [InlineData("""{"contacts":-1}""", "contacts: out_of_range")]
    [InlineData("""{"contacts":250001}""", "contacts: out_of_range")]
    [InlineData("""{"dailyCap":0}""", "dailyCap: out_of_range")]
    [InlineData("""{"hourlyCap":10001}""", "hourlyCap: out_of_range")]
    [InlineData("""{"start":"2027-01-03"}""", "start: out_of_range")]
    [InlineData("""{"start":"2037-02-01"}""", "start: out_of_range")]
    [InlineData("""{"start":"tomorrow"}""", "start: invalid_value")]
    [InlineData("""{"mailboxId":"nope"}""", "mailboxId: not_found")]
    [InlineData("""{"cap":1}""", "cap: unknown_member")]
    public async Task a_question_that_makes_no_sense_names_the_field(string body, string error)
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync($"{await server.PublishedAsync(TwoEmails)}/forecast", body)).ShouldBe(422).Errors.ShouldBe([error]);
    }

    [Fact]
    public async Task there_is_no_forecast_of_nothing()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync($"sequences/{Guid.CreateVersion7():N}/forecast")).ShouldBe(404);
    }

    private static List<string> Days(Reply forecast) => [.. forecast.Json.GetProperty("days").EnumerateArray().Select(
        day => $"{day.GetProperty("day").GetString()} {day.GetProperty("sent").GetInt32()} {day.GetProperty("waiting").GetInt32()}")];
}
