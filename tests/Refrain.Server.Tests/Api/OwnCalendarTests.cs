using System.Text.Json;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class OwnCalendarTests
{
    private const string Company = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Company//Days//EN
        BEGIN:VEVENT
        UID:1
        DTSTAMP:20260101T000000Z
        DTSTART;VALUE=DATE:20270105
        DTEND;VALUE=DATE:20270107
        SUMMARY:Stocktaking
        END:VEVENT
        BEGIN:VEVENT
        UID:2
        DTSTAMP:20260101T000000Z
        DTSTART;VALUE=DATE:20200111
        RRULE:FREQ=YEARLY
        SUMMARY:Founders' day
        END:VEVENT
        END:VCALENDAR
        """;

    [Theory]
    [OnEveryDatabase]
    public async Task days_of_an_own_calendar_are_free(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync(Sequence(Company));
        var run = (await server.Api.GetAsync(await server.EnrolledAsync(sequence))).ShouldBe(200);
        // A day after Monday the 4th would be Tuesday; stocktaking is on Tuesday and Wednesday.
        run.Member("nextAt").ShouldBe("2027-01-07T00:00:00Z");
        server.Time.SetUtcNow(new DateTimeOffset(2027, 1, 10, 9, 0, 0, TimeSpan.Zero));
        (await server.Api.GetAsync(await server.EnrolledAsync(sequence, "eve@there.test"))).Member("nextAt").ShouldBe("2027-01-12T00:00:00Z", "founders' day comes every year");
        (await server.Api.GetAsync(sequence)).Json.GetProperty("settings").GetProperty("calendar").GetString().ShouldBe(Company);
    }

    [Theory]
    [InlineData("Christmas")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270105T090000Z\nSUMMARY:Meeting\nEND:VEVENT\nEND:VCALENDAR")]
    [InlineData("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20279999\nEND:VEVENT\nEND:VCALENDAR")]
    public async Task a_calendar_without_free_days_is_refused_when_it_is_saved(string calendar)
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync("sequences", Sequence(calendar))).ShouldBe(422).Errors.ShouldBe(["settings.calendar: invalid_calendar"]);
    }

    private static string Sequence(string calendar) =>
        $$"""{"name":"Intro","settings":{"calendar":{{JsonSerializer.Serialize(calendar)}}},"steps":[{"kind":"email","delay":{"value":1,"unit":"days"},"subject":"Hello","text":"Hi"}]}""";
}
