using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Engine.Access;
using Refrain.Server.Hosting;

namespace Refrain.Server.Api;

/// <summary>The keys of programs, never what they are. They are made where the database is: <c>refrain key create</c>.</summary>
internal static class KeysApi
{
    public static void MapKeys(this RouteGroupBuilder api)
    {
        var keys = api.Chapter("/keys", "Keys");
        keys.MapGet("", ListAsync).WithName("listKeys").WithSummary("List keys, revoked ones too, without what they are; takes an administrator")
            .RequireAuthorization(AccessHosting.Manage).Produces<Page<ApiKey>>().ProducesProblemDocument(403);
        keys.MapDelete("/{id:id}", RevokeAsync).WithName("revokeKey").WithSummary("Revoke a key: it lets nobody in any more; takes an administrator")
            .RequireAuthorization(AccessHosting.Manage).Produces<ApiKey>().ProducesProblemDocument(403, 404);
    }

    private static async Task<IResult> ListAsync(Asker asker, ApiKeys keys, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel) =>
        Results.Ok(await keys.ListAsync(asker.Caller.Workspace, Asked.After(cursor), Asked.Limit(limit), cancel));

    private static async Task<IResult> RevokeAsync(string id, Asker asker, ApiKeys keys, CancellationToken cancel) =>
        Respond.With(await keys.RevokeAsync(asker.Caller.Workspace, Guid.ParseExact(id, "N"), cancel), "key");
}
