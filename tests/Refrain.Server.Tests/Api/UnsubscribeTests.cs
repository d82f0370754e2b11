using Refrain.Core;
using Refrain.Engine.Mail.Unsubscribe;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class UnsubscribeTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task a_scanner_that_follows_the_link_changes_nothing_and_the_button_acts_at_once(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var (run, link) = await LinkAsync(server);
        var page = (await server.Anonymous().GetAsync(link)).ShouldBe(200);
        page.Type.ShouldBe("text/html");
        page.Text.ShouldContain("<form method=\"post\">");
        page.Text.ShouldNotContain("://");
        page.Text.ShouldNotContain("<script");
        page.Headers["Cache-Control"].ShouldBe("no-store");
        (await server.Api.GetAsync(run)).Member("state").ShouldBe("active");
        (await server.Anonymous().SendAsync("POST", link, "", "application/x-www-form-urlencoded")).ShouldBe(200).Text.ShouldContain("You are unsubscribed");
        (await server.Api.GetAsync(run)).Member("state").ShouldBe("unsubscribed");
        (await server.Api.GetAsync("suppressions")).Items.ShouldHaveSingleItem().GetProperty("source").GetString().ShouldBe("link");
        (await server.Anonymous().PostAsync(link)).ShouldBe(200);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n")]
    public async Task one_click_of_a_mail_program_acts_at_once(string type, string body)
    {
        await using var server = await ApiServer.StartAsync();
        var (run, link) = await LinkAsync(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, link) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        using var response = await server.CreateClient().SendAsync(request);
        ((int)response.StatusCode).ShouldBe(200);
        (await server.Api.GetAsync(run)).Member("state").ShouldBe("unsubscribed");
        (await server.Api.GetAsync("suppressions")).Items.ShouldHaveSingleItem().GetProperty("source").GetString().ShouldBe("one_click");
    }

    [Fact]
    public async Task a_link_that_we_did_not_make_gets_a_page_and_does_nothing()
    {
        await using var server = await ApiServer.StartAsync();
        var get = await server.Anonymous().GetAsync("/u/abc");
        (get.Status, get.Type).ShouldBe((404, "text/html"));
        var post = await server.Anonymous().PostAsync("/u/abc");
        (post.Status, post.Type).ShouldBe((404, "text/html"));
    }

    private static async Task<(string Run, string Link)> LinkAsync(ApiServer server)
    {
        var run = await server.EnrolledAsync(await server.PublishedAsync());
        var enrollment = (await server.Api.GetAsync(run)).ShouldBe(200);
        EnrollmentId.TryParse(enrollment.Id, out var id).ShouldBeTrue();
        ContactId.TryParse(enrollment.Member("contactId"), out var contact).ShouldBeTrue();
        return (run, $"/u/{server.Get<UnsubscribeLinks>().TokenFor(id, contact, 0)}");
    }
}
