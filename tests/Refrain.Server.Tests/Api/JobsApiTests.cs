using System.Text.Json;
using Refrain.Core;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class JobsApiTests
{
    private static readonly string Thousand = Emails(1000);
    private static readonly string More = Emails(1001);

    [Theory, OnEveryDatabase]
    public async Task more_than_a_thousand_are_accepted_with_the_address_of_their_job(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        (await server.Api.PostAsync($"{sequence}/enrollments", Thousand)).ShouldBe(200);

        var accepted = (await server.Api.PostAsync($"{sequence}/enrollments", More)).ShouldBe(202);

        var address = accepted.Headers["Location"];
        address.ShouldBe($"/api/v1/jobs/{accepted.Id}");
        var job = (await server.Api.GetAsync(address)).ShouldBe(200);
        (job.Member("kind"), job.Member("state"), job.Member("total"), job.Member("done")).ShouldBe(("enroll", "running", "1001", "0"));
        var rows = (await server.Api.GetAsync($"{address}/rows?limit=2")).ShouldBe(200);
        rows.Items.Select(row => row.GetProperty("email").GetString()).ShouldBe(["lead0@there.test", "lead1@there.test"]);
        (await server.Api.GetAsync($"{address}/rows?cursor={rows.Member("next")}&limit=1")).Items[0].GetProperty("row").GetInt32().ShouldBe(3);
        (await server.Api.GetAsync($"{address}/rows?status=refused")).Items.ShouldBeEmpty();
        (await server.Api.GetAsync($"{address}/rows?status=odd")).ShouldBe(422).Errors.ShouldBe(["status: invalid_value"]);
        (await server.Api.GetAsync("jobs")).Items.ShouldHaveSingleItem();
        (await server.Api.GetAsync($"jobs/{JobId.New()}")).ShouldBe(404);
    }

    [Theory, OnEveryDatabase]
    public async Task one_key_is_one_job_however_often_and_at_once_it_asks(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            server.Api.SendAsync("POST", $"{sequence}/enrollments", More, headers: ("Idempotency-Key", "key-1"))));

        replies.Select(reply => reply.ShouldBe(202).Id).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        (await server.Api.GetAsync("jobs")).Items.ShouldHaveSingleItem();
        (await server.Api.SendAsync("POST", $"{sequence}/enrollments", Thousand, headers: ("Idempotency-Key", "key-1"))).ShouldBe(409).Code.ShouldBe("idempotency_key_reused");
    }

    [Theory, OnEveryDatabase]
    public async Task a_dry_run_of_many_counts_at_once_and_a_wrong_request_makes_no_job(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        var rehearsed = (await server.Api.PostAsync($"{sequence}/enrollments?dryRun=true", More)).ShouldBe(200);
        rehearsed.Json.GetProperty("byState").GetRawText().ShouldBe("""{"active":1001}""");
        var ids = JsonSerializer.Serialize(Enumerable.Range(0, 1001).Select(_ => ContactId.New().ToString()));
        (await server.Api.PostAsync($"{sequence}/enrollments", $$"""{"contactIds":{{ids}}}""")).ShouldBe(422).Errors.Count.ShouldBe(1001);
        (await server.Api.PostAsync($"{sequence}/enrollments", More.Replace("{", "{\"startAtStep\":9,", StringComparison.Ordinal))).ShouldBe(422).Errors.ShouldBe(["startAtStep: out_of_range"]);
        (await server.Api.PostAsync($"sequences/{SequenceId.New()}/enrollments", More)).ShouldBe(404);
        (await server.Api.GetAsync("jobs")).Items.ShouldBeEmpty();
        (await server.Api.GetAsync("contacts")).Items.ShouldBeEmpty();
    }

    private static string Emails(int count) =>
        $$"""{"emails":{{JsonSerializer.Serialize(Enumerable.Range(0, count).Select(number => $"lead{number}@there.test"))}}}""";
}
