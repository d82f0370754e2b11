using Refrain.Core;
using Refrain.Server.Tests.Serving;
using Refrain.Testing;

namespace Refrain.Server.Tests.Api;

public sealed class EnrollingApiTests
{
    [Theory]
    [OnEveryDatabase]
    public async Task rows_stand_in_the_order_of_the_request_rejected_ones_included(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        var reply = (await server.Api.PostAsync($"{sequence}/enrollments", """{"emails":["Bob@there.test","eve@there.test","bob@there.test"]}""")).ShouldBe(200);
        reply.Json.GetProperty("byState").GetRawText().ShouldBe("""{"active":2,"already_enrolled":1}""");
        var ids = reply.Json.GetProperty("enrollmentIds").EnumerateArray().Select(id => id.GetString()).ToList();
        ids.Count.ShouldBe(3);
        var bob = (await server.Api.GetAsync("contacts?email=bob@there.test")).Items.ShouldHaveSingleItem().GetProperty("id").GetString();
        var rejected = (await server.Api.GetAsync($"enrollments/{ids[2]}")).ShouldBe(200);
        (rejected.Member("contactId"), rejected.Member("state"), rejected.Member("rejected")).ShouldBe((bob, "already_enrolled", "True"));
        (await server.Api.GetAsync($"enrollments/{ids[0]}/events")).Items.ShouldHaveSingleItem().GetProperty("to").GetString().ShouldBe("active");
        (await server.Api.GetAsync($"enrollments?contactId={bob}")).Items.Count.ShouldBe(2);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task an_unknown_contact_refuses_the_whole_call(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        var bob = (await server.Api.PostAsync("contacts", """{"email":"bob@there.test"}""")).Id;
        (await server.Api.PostAsync($"{sequence}/enrollments", $$"""{"contactIds":["{{bob}}","{{ContactId.New()}}"]}""")).ShouldBe(422).Errors.ShouldBe(["contactIds[1]: not_found"]);
        (await server.Api.PostAsync($"{sequence}/enrollments", $$"""{"contactIds":["{{bob}}","?"]}""")).ShouldBe(422).Errors.ShouldBe(["contactIds[1]: not_found"]);
        (await server.Api.PostAsync($"{sequence}/enrollments", """{"emails":["eve@there.test","nobody"]}""")).ShouldBe(422).Errors.ShouldBe(["emails[1]: invalid_address"]);
        (await server.Api.PostAsync($"{sequence}/enrollments", """{"emails":["eve@there.test"],"startAtStep":3}""")).ShouldBe(422).Errors.ShouldBe(["startAtStep: out_of_range"]);
        (await server.Api.PostAsync($"{sequence}/enrollments", $$"""{"emails":["eve@there.test"],"mailboxId":"{{MailboxId.New()}}"}""")).ShouldBe(422).Errors.ShouldBe(["mailboxId: not_found"]);
        (await server.Api.PostAsync($"{sequence}/enrollments", """{"emails":[]}""")).ShouldBe(422).Errors.ShouldBe(["emails: out_of_range"]);
        (await server.Api.PostAsync($"{sequence}/enrollments", "{}")).ShouldBe(422).Errors.ShouldBe(["contactIds: one_of"]);
        (await server.Api.PostAsync($"sequences/{SequenceId.New()}/enrollments", """{"emails":["eve@there.test"]}""")).ShouldBe(404);
        (await server.Api.GetAsync("enrollments")).Items.ShouldBeEmpty();
        (await server.Api.GetAsync("contacts")).Items.ShouldHaveSingleItem();
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_dry_run_counts_and_writes_nothing(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        await server.EnrolledAsync(sequence);
        var reply = (await server.Api.PostAsync($"{sequence}/enrollments?dryRun=true", """{"emails":["bob@there.test","eve@there.test"]}""")).ShouldBe(200);
        reply.Json.GetProperty("byState").GetRawText().ShouldBe("""{"active":1,"already_enrolled":1}""");
        reply.Json.GetProperty("enrollmentIds").GetArrayLength().ShouldBe(0);
        (await server.Api.GetAsync("contacts")).Items.ShouldHaveSingleItem();
        (await server.Api.GetAsync("enrollments")).Items.ShouldHaveSingleItem();
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_key_enrolls_once_however_often_and_at_once_it_asks(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync(Samples.Sequence.Replace("\"steps\"", "\"settings\":{\"readd\":\"any\"},\"steps\"", StringComparison.Ordinal));
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EnrollAsync(server, sequence, "key-1", "bob@there.test")));
        replies.Select(reply => reply.ShouldBe(200).Text).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        (await server.Api.GetAsync("enrollments")).Items.ShouldHaveSingleItem();
        (await EnrollAsync(server, sequence, "key-2", "bob@there.test")).ShouldBe(200);
        (await server.Api.GetAsync("enrollments")).Items.Count.ShouldBe(2);
        (await EnrollAsync(server, sequence, "key-1", "eve@there.test")).ShouldBe(409).Code.ShouldBe("idempotency_key_reused");
        (await EnrollAsync(server, sequence, "not a key", "eve@there.test")).ShouldBe(422).Errors.ShouldBe(["Idempotency-Key: invalid_value"]);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_key_of_a_refused_request_may_be_used_again(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = $"sequences/{(await server.Api.PostAsync("sequences", Samples.CallSequence)).Id}";
        (await EnrollAsync(server, sequence, "key-1", "bob@there.test")).ShouldBe(422);
        (await server.Api.PostAsync($"{sequence}/publish")).ShouldBe(200);
        (await EnrollAsync(server, sequence, "key-1", "bob@there.test")).ShouldBe(200);
    }

    [Theory]
    [OnEveryDatabase]
    public async Task a_hundred_at_once_enroll_one_contact_once(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var sequence = await server.PublishedAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.Api.PostAsync($"{sequence}/enrollments", """{"emails":["bob@there.test"]}""")));
        replies.Count(reply => reply.ShouldBe(200).Text.Contains("\"active\":1", StringComparison.Ordinal)).ShouldBe(1);
        (await server.Api.GetAsync("enrollments?state=already_enrolled&limit=500")).Items.Count.ShouldBe(99);
        (await server.Api.GetAsync("contacts")).Items.ShouldHaveSingleItem();
    }

    private static Task<Reply> EnrollAsync(ApiServer server, string sequence, string key, string email) =>
        server.Api.SendAsync("POST", $"{sequence}/enrollments", $$"""{"emails":["{{email}}"]}""", headers: ("Idempotency-Key", key));
}
