using Refrain.Core;
using Refrain.Engine.Storage;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;
using DatabaseKind = Refrain.Testing.DatabaseKind;

namespace Refrain.Server.Tests.Api;

public sealed class MailboxesApiTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task a_mailbox_is_checked_and_its_secrets_never_come_back(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var made = (await server.Api.PostAsync("mailboxes", Samples.Mailbox)).ShouldBe(201);
        made.Member("health").ShouldBe("checking");
        server.Mail.Complaint = "535 5.7.8 Sign-in refused";
        var checkedNow = (await server.Api.PostAsync($"mailboxes/{made.Id}/check")).ShouldBe(200);
        checkedNow.Member("health").ShouldBe("unhealthy");
        checkedNow.Member("healthReason").ShouldNotBeNull().ShouldContain("535 5.7.8 Sign-in refused");
        server.Mail.Complaint = null;
        (await server.Api.PostAsync($"mailboxes/{made.Id}/check")).Member("health").ShouldBe("healthy");
        var shown = (await server.Api.GetAsync($"mailboxes/{made.Id}")).ShouldBe(200);
        (await server.Api.GetAsync("mailboxes")).Text.ShouldNotContain("secret");
        shown.Text.ShouldNotContain("secret");
        shown.Json.GetProperty("smtp").GetProperty("security").GetString().ShouldBe("starttls");
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_change_without_a_password_keeps_it_and_is_checked_again(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var id = (await server.Api.PostAsync("mailboxes", Samples.Mailbox)).Id;
        (await server.Api.PostAsync($"mailboxes/{id}/check")).Member("health").ShouldBe("healthy");
        var change = Samples.Mailbox.Replace(""","password":"secret one" """.Trim(), "", StringComparison.Ordinal).Replace("\"Ann\"", "\"Anna\"", StringComparison.Ordinal);
        change.ShouldNotContain("secret one");
        var after = (await server.Api.PutAsync($"mailboxes/{id}", change)).ShouldBe(200);
        (after.Member("name"), after.Member("health")).ShouldBe(("Anna", "checking"));
        (await server.Api.PostAsync($"mailboxes/{id}/check")).Member("health").ShouldBe("healthy");
    }

    [Fact]
    public async Task what_is_wrong_with_a_mailbox_is_named()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync("mailboxes",
            """
            {"name":"","address":"ann","smtp":{"host":"no host!","port":0,"security":"tls","user":"a"},"imap":{"host":"127.0.0.1","port":993,"security":"tls","user":"a","password":"b"},
             "dailyCap":10,"hourlyCap":11,"minimumGapSeconds":-1}
            """)).ShouldBe(422).Errors.ShouldBe(
            ["name: required", "address: invalid_address", "smtp.host: invalid_host", "smtp.port: out_of_range", "smtp.password: required", "hourlyCap: out_of_range", "minimumGapSeconds: out_of_range"]);
        (await server.Api.PostAsync("mailboxes", Samples.Mailbox)).ShouldBe(201);
        (await server.Api.PostAsync("mailboxes", Samples.Mailbox)).ShouldBe(409).Code.ShouldBe("mailbox_exists");
        (await server.Api.PostAsync("mailboxes", Samples.Mailbox.Replace("{\"name\":\"Ann\"", $"{{\"name\":\"Ann\",\"userId\":\"{UserId.New()}\"", StringComparison.Ordinal)))
            .ShouldBe(422).Errors.ShouldBe(["userId: not_found"]);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task limits_come_back_as_they_were_given(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var made = (await server.Api.PostAsync("mailboxes", Limited(
            """ "dailyCap":50,"hourlyCap":10,"minimumGapSeconds":60,"gapJitterSeconds":30,"domainDailyCap":20,"rampUp":{"startsOn":"2027-01-04","first":5,"perDay":3,"timeZone":"Europe/Berlin"} """))).ShouldBe(201);
        var shown = (await server.Api.GetAsync($"mailboxes/{made.Id}")).ShouldBe(200).Json;
        (shown.GetProperty("gapJitterSeconds").GetInt32(), shown.GetProperty("domainDailyCap").GetInt32()).ShouldBe((30, 20));
        shown.GetProperty("rampUp").GetRawText().ShouldBe("""{"startsOn":"2027-01-04","first":5,"perDay":3,"timeZone":"Europe/Berlin"}""");
    }

    [Theory]
    [InlineData("\"dailyCap\":0", "dailyCap: out_of_range")]
    [InlineData("\"dailyCap\":10001", "dailyCap: out_of_range")]
    [InlineData("\"hourlyCap\":10001", "hourlyCap: out_of_range")]
    [InlineData("\"minimumGapSeconds\":86401", "minimumGapSeconds: out_of_range")]
    [InlineData("\"gapJitterSeconds\":86401", "gapJitterSeconds: out_of_range")]
    [InlineData("\"dailyCap\":10,\"domainDailyCap\":11", "domainDailyCap: out_of_range")]
    [InlineData("\"rampUp\":{\"startsOn\":\"2027-01-04\",\"first\":5,\"perDay\":3}", "dailyCap: required")]
    [InlineData("\"dailyCap\":10,\"rampUp\":{\"startsOn\":\"2027-01-04\",\"first\":11,\"perDay\":0,\"timeZone\":\"Mars\"}",
        "rampUp.first: out_of_range", "rampUp.perDay: out_of_range", "rampUp.timeZone: unknown_time_zone")]
    public async Task a_limit_that_makes_no_sense_is_named(string limits, params string[] errors)
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync("mailboxes", Limited(limits))).ShouldBe(422).Errors.ShouldBe(errors);
    }

    private static string Limited(string limits) => Samples.Mailbox.Replace("{\"name\":\"Ann\"", $"{{{limits},\"name\":\"Ann\"", StringComparison.Ordinal);

    [Theory]
    [OnEveryDatabase]
    public async Task a_mailbox_that_runs_send_from_stays(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var enrollment = await server.EnrolledAsync(await server.PublishedAsync());
        var mailbox = (await server.Api.GetAsync("mailboxes")).Items.ShouldHaveSingleItem().GetProperty("id").GetString();
        (await server.Api.DeleteAsync($"mailboxes/{mailbox}")).ShouldBe(409).Code.ShouldBe("mailbox_in_use");
        (await server.Api.DeleteAsync(enrollment)).ShouldBe(200);
        (await server.Api.DeleteAsync($"mailboxes/{mailbox}")).ShouldBe(204);
        (await server.Api.GetAsync($"mailboxes/{mailbox}")).ShouldBe(404);
        (await server.Api.PostAsync("mailboxes", Samples.Mailbox)).ShouldBe(201);
    }

    [Fact]
    public async Task a_secret_is_unreadable_in_the_database()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Api.PostAsync("mailboxes", Samples.Mailbox)).ShouldBe(201);
        await server.Get<Database>().PingAsync(CancellationToken.None);
        var folder = server.Get<DatabaseSettings>().Folder;
        foreach (var file in Directory.EnumerateFiles(folder, "refrain.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var text = new StreamReader(stream, System.Text.Encoding.Latin1);
            (await text.ReadToEndAsync()).ShouldNotContain("secret one");
        }
    }
}
