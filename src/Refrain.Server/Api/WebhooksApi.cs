using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Refrain.Contracts;
using Refrain.Engine.Webhooks;
using Refrain.Server.Hosting;

namespace Refrain.Server.Api;

internal static class WebhooksApi
{
    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        var webhooks = api.Chapter("/webhooks", "Webhooks");
        webhooks.MapGet("", ListAsync).WithName("listWebhooks").WithSummary("List webhooks, without their secrets").Produces<Page<Webhook>>();
        webhooks.MapPost("", AddAsync).WithName("createWebhook").WithSummary("Send news of enrollments to an address, signed as Standard Webhooks has it; the secret is told once; takes an administrator")
            .RequireAuthorization(AccessHosting.Manage).Produces<Webhook>(201).ProducesProblemDocument(403, 422);
        webhooks.MapDelete("/{id:id}", DeleteAsync).WithName("deleteWebhook").WithSummary("Delete a webhook; what waits for it is given up; takes an administrator")
            .RequireAuthorization(AccessHosting.Manage).Produces(204).ProducesProblemDocument(403, 404);
        webhooks.MapGet("/{id:id}/deliveries", DeliveriesAsync).WithName("listWebhookDeliveries").WithSummary("What was sent to a webhook, and what waits or failed")
            .Produces<Page<WebhookDelivery>>().ProducesProblemDocument(404);
        webhooks.MapPost("/{id:id}/replay", ReplayAsync).WithName("replayWebhook").WithSummary("Send again what happened since an instant, in order; takes an administrator")
            .RequireAuthorization(AccessHosting.Manage).Produces<WebhookReplayed>().ProducesProblemDocument(403, 404, 422);
    }

    private static async Task<IResult> ListAsync(Asker asker, WebhookRegister register, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel) =>
        Results.Ok(await register.ListAsync(asker.Caller.Workspace, Asked.After(cursor), Asked.Limit(limit), cancel));

    private static async Task<IResult> AddAsync(Body<NewWebhook> body, Asker asker, WebhookRegister register, CancellationToken cancel) =>
        Respond.With(await register.AddAsync(asker.Caller.Workspace, body.Value, cancel), "webhook", webhook => Results.Created($"{ApiRoutes.Root}/webhooks/{webhook.Id}", webhook));

    private static async Task<IResult> DeleteAsync(string id, Asker asker, WebhookRegister register, CancellationToken cancel) =>
        await register.DeleteAsync(asker.Caller.Workspace, Guid.ParseExact(id, "N"), cancel) ? Results.NoContent() : Problems.Result(Problems.NotFound("webhook"));

    private static async Task<IResult> DeliveriesAsync(
        string id, Asker asker, WebhookRegister register, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel) =>
        Respond.With(await register.DeliveriesAsync(asker.Caller.Workspace, Guid.ParseExact(id, "N"), Asked.After(cursor), Asked.Limit(limit), cancel), "webhook");

    private static async Task<IResult> ReplayAsync(string id, Body<WebhookReplay> body, Asker asker, WebhookRegister register, CancellationToken cancel) => Respond.With(
        await register.ReplayAsync(asker.Caller.Workspace, Guid.ParseExact(id, "N"), Instant.FromDateTimeOffset(body.Value.Since), cancel), "webhook");
}
