using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core.Enrollments;
using Refrain.Engine.Loops;
using Refrain.Engine.Tests.Bench;
using Refrain.Engine.Webhooks;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Webhooks;

public sealed class WebhookTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Theory, OnEveryDatabase]
    public async Task news_come_signed_and_in_order(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await using var receiver = new Receiver();
        var webhook = await AddAsync(bench, receiver, [WebhookEvent.StateChanged]);
        webhook.Secret.ShouldBe(Secret);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        await bench.SignalAsync(run, _ => new Paused(bench.Now, Actor.User(bench.User)));

        await SendAsync(bench);

        var messages = receiver.Received.Select(one => JsonSerializer.Deserialize<WebhookMessage>(one.Body, WireJson.Options)!).ToList();
        messages.Select(message => (message.Type, message.Data.EnrollmentId, message.Data.From, message.Data.To)).ShouldBe(
            [("enrollment.state_changed", run.ToString(), null, "active"), ("enrollment.state_changed", run.ToString(), "active", "paused")]);
        messages[0].Data.Ordinal.ShouldBeLessThan(messages[1].Data.Ordinal);
        foreach (var one in receiver.Received) one.Signature.ShouldBe(Signature(one.Id, one.Timestamp, one.Body));
        (await bench.Get<WebhookRegister>().ListAsync(bench.Workspace, Guid.Empty, 10, default)).Items.ShouldHaveSingleItem().Secret.ShouldBeNull();
    }

    [Theory, OnEveryDatabase]
    public async Task what_was_refused_is_tried_again_with_its_id_and_holds_up_what_comes_after_it(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await using var receiver = new Receiver { Answer = HttpStatusCode.ServiceUnavailable };
        var webhook = await AddAsync(bench, receiver, null);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SignalAsync(run, _ => new Paused(bench.Now, Actor.User(bench.User)));
        await SendAsync(bench);
        receiver.Received.Count.ShouldBe(1, "the second waits for the first");
        var waiting = await DeliveriesAsync(bench, webhook);
        waiting.Select(delivery => (delivery.Status, delivery.Attempts, delivery.Answer)).ShouldBe(
            [(DeliveryStatus.Waiting, 1, "503 Service Unavailable"), (DeliveryStatus.Waiting, 0, null)]);
        receiver.Answer = HttpStatusCode.OK;

        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await SendAsync(bench);

        receiver.Received.Count.ShouldBe(3);
        receiver.Received[1].Id.ShouldBe(receiver.Received[0].Id);
        receiver.Received[2].Id.ShouldNotBe(receiver.Received[0].Id);
        (await DeliveriesAsync(bench, webhook)).ShouldAllBe(delivery => delivery.Status == DeliveryStatus.Delivered);
    }

    [Theory, OnEveryDatabase]
    public async Task a_delivery_fails_for_good_after_the_last_attempt_and_can_be_replayed(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await using var receiver = new Receiver { Answer = HttpStatusCode.InternalServerError };
        var webhook = await AddAsync(bench, receiver, null);
        await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        for (var attempt = 0; attempt < 12; attempt++)
        {
            await SendAsync(bench);
            bench.Time.Advance(TimeSpan.FromHours(24));
        }
        receiver.Received.Count.ShouldBe(10);
        (await DeliveriesAsync(bench, webhook)).ShouldHaveSingleItem().Status.ShouldBe(DeliveryStatus.Failed);
        receiver.Answer = HttpStatusCode.OK;

        (await bench.Get<WebhookRegister>().ReplayAsync(bench.Workspace, Guid.ParseExact(webhook.Id, "N"), Instant.FromUtc(2027, 1, 1, 0, 0), default))!.Deliveries.ShouldBe(1);
        await SendAsync(bench);

        (await DeliveriesAsync(bench, webhook)).ShouldHaveSingleItem().Status.ShouldBe(DeliveryStatus.Delivered);
    }

    [Theory, OnEveryDatabase]
    public async Task a_receiver_that_is_gone_gets_no_more(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await using var receiver = new Receiver { Answer = HttpStatusCode.Gone };
        await AddAsync(bench, receiver, null);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await SendAsync(bench);
        await bench.SignalAsync(run, _ => new Paused(bench.Now, Actor.User(bench.User)));

        bench.Time.Advance(TimeSpan.FromDays(1));
        await SendAsync(bench);

        receiver.Received.ShouldHaveSingleItem();
        (await bench.Get<WebhookRegister>().ListAsync(bench.Workspace, Guid.Empty, 10, default)).Items.ShouldHaveSingleItem().DisabledAt.ShouldNotBeNull();
    }

    [Theory, OnEveryDatabase]
    public async Task two_processes_send_everything_once(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await using var receiver = new Receiver();
        await AddAsync(bench, receiver, null);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        for (var number = 0; number < 60; number++) await bench.EnrollAsync(sequence, $"lead{number}@acme.test");
        await using var other = bench.StartSecondProcess();

        await Task.WhenAll(Task.Run(() => SendAsync(bench)), Task.Run(() => SendAsync(other)));

        receiver.Received.Count.ShouldBe(60);
        receiver.Received.DistinctBy(one => one.Id).Count().ShouldBe(60);
    }

    private static async Task<Webhook> AddAsync(EngineBench bench, Receiver receiver, IReadOnlyList<WebhookEvent>? events) =>
        EngineBench.Value(await bench.Get<WebhookRegister>().AddAsync(bench.Workspace, new(receiver.Url, events, Secret), default));

    private static async Task SendAsync(EngineBench bench)
    {
        while (await bench.Loop<WebhookLoop>().TurnAsync(default) == TimeSpan.Zero) continue;
    }

    private static async Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(EngineBench bench, Webhook webhook) =>
        (await bench.Get<WebhookRegister>().DeliveriesAsync(bench.Workspace, Guid.ParseExact(webhook.Id, "N"), Guid.Empty, 50, default))!.Items;

    private static string Signature(string id, string timestamp, string body) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")))}";
}
