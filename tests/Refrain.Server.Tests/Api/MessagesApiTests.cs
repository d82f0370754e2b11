using System.Text;
using NodaTime;
using Refrain.Core;
using Refrain.Engine.Inbound;
using Refrain.Engine.Mailboxes;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class MessagesApiTests
{
    private const string Notice =
        "From: bob@there.test\r\nTo: ann@ours.test\r\nSubject: Automatic reply: Hello\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <1@there.test>\r\n\r\nI am out of the office until 12 January 2027.\r\n";

    [Theory]
    [OnEveryDatabase]
    public async Task a_misread_message_is_found_by_the_timeline_and_corrected(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var run = await server.EnrolledAsync(await server.PublishedAsync());
        await ReceiveAsync(server, Notice);
        (await server.Api.GetAsync(run)).Member("state").ShouldBe("paused_o3");
        var id = (await server.Api.GetAsync($"{run}/events")).Items[^1].GetProperty("messageId").GetString();

        var message = (await server.Api.GetAsync($"messages/{id}")).ShouldBe(200);
        (message.Member("direction"), message.Member("class"), message.Member("returnDate"), message.Member("from")).ShouldBe(("in", "out_of_office", "2027-01-12", "bob@there.test"));
        message.Json.GetProperty("enrollmentIds").EnumerateArray().Select(one => $"enrollments/{one.GetString()}").ShouldBe([run]);

        var corrected = (await server.Api.PostAsync($"messages/{id}/reclassify", """{"class":"other"}""")).ShouldBe(200);
        (corrected.Member("class"), corrected.Member("readAs"), corrected.Member("rule"), corrected.Member("correctedBy")).ShouldBe(("other", "out_of_office", "corrected", $"user:{server.Admin}"));
        (await server.Api.GetAsync(run)).Member("state").ShouldBe("active");
        var line = (await server.Api.GetAsync($"{run}/events")).Items[^1];
        (line.GetProperty("signal").GetString(), line.GetProperty("messageId").GetString(), line.GetProperty("actor").GetString()).ShouldBe(("corrected", id, $"user:{server.Admin}"));
        (await server.Api.GetAsync($"{run}/events")).Items.Count(one => one.GetProperty("messageId").GetString() == id).ShouldBe(2);
    }

    [Fact]
    public async Task what_makes_no_sense_is_refused()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.EnrolledAsync(await server.PublishedAsync());
        await ReceiveAsync(server, Notice);
        var id = (await server.Api.GetAsync($"{run}/events")).Items[^1].GetProperty("messageId").GetString();
        (await server.Api.PostAsync($"messages/{id}/reclassify", """{"class":"nonsense"}""")).ShouldBe(422).Errors.ShouldBe(["class: invalid_value"]);
        (await server.Api.PostAsync($"messages/{id}/reclassify", """{"class":"reply","returnDate":"2027-01-12"}""")).ShouldBe(422).Errors.ShouldBe(["returnDate: not_for_this_class"]);
        (await server.Api.PostAsync($"messages/{id}/reclassify", """{"class":"out_of_office","returnDate":"soon"}""")).ShouldBe(422);
        (await server.Api.PostAsync($"messages/{id}/reclassify", "{}")).ShouldBe(422);
        (await server.Api.PostAsync($"messages/{MessageId.New()}/reclassify", """{"class":"other"}""")).ShouldBe(404);
        (await server.Api.GetAsync($"messages/{MessageId.New()}")).ShouldBe(404);
        (await server.Api.GetAsync($"messages/{MessageId.New()}/source")).ShouldBe(404);
        (await server.Anonymous().GetAsync($"messages/{id}")).ShouldBe(401);
    }

    private static async Task ReceiveAsync(ApiServer server, string raw)
    {
        var now = Instant.FromDateTimeOffset(server.Time.GetUtcNow());
        var mailbox = (await server.Get<MailboxAccounts>().AllAsync(CancellationToken.None)).Open.ShouldHaveSingleItem();
        await server.Get<InboundMail>().ApplyAsync(mailbox, new([new("INBOX", 1, 1, Encoding.UTF8.GetBytes(raw), raw.Length)], new(1, 1), false), now, CancellationToken.None);
    }
}
