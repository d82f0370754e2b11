using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Engine.Suppressions;

namespace Refrain.Server.Api;

internal static class SuppressionsApi
{
    public static void MapSuppressions(this RouteGroupBuilder api)
    {
        var suppressions = api.Chapter("/suppressions", "Suppressions");
        suppressions.MapGet("", ListAsync).WithName("listSuppressions").WithSummary("List addresses and domains that are not mailed").Produces<Page<Suppression>>();
        suppressions.MapPost("", AddAsync).WithName("createSuppression").WithSummary("Suppress an address or a domain, and take its contacts out of every sequence")
            .Produces<Suppression>(201).ProducesProblemDocument(409, 422);
        suppressions.MapDelete("/{id:id}", RemoveAsync).WithName("deleteSuppression").WithSummary("Lift a suppression").Produces(204).ProducesProblemDocument(404);
    }

    private static async Task<IResult> ListAsync(Asker asker, SuppressionList list, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel) =>
        Results.Ok(await list.ListAsync(asker.Caller.Workspace, Asked.After(cursor), Asked.Limit(limit), cancel));

    private static async Task<IResult> AddAsync(Body<NewSuppression> body, Asker asker, SuppressionList list, CancellationToken cancel) => Respond.With(
        await list.AddAsync(asker.Caller.Workspace, asker.Caller.Actor, body.Value, cancel), "suppression",
        suppression => Results.Created($"{ApiRoutes.Root}/suppressions/{suppression.Id}", suppression));

    private static async Task<IResult> RemoveAsync(string id, Asker asker, SuppressionList list, CancellationToken cancel) =>
        await list.RemoveAsync(asker.Caller.Workspace, Guid.ParseExact(id, "N"), cancel) ? Results.NoContent() : Problems.Result(Problems.NotFound("suppression"));
}
