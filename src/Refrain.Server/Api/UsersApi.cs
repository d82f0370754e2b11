using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Access;
using Refrain.Server.Hosting;

namespace Refrain.Server.Api;

internal static class UsersApi
{
    public static void MapUsers(this RouteGroupBuilder api)
    {
        var users = api.Chapter("/users", "Users");
        users.MapGet("", ListAsync).WithName("listUsers").WithSummary("List users").Produces<Page<User>>();
        users.MapGet("/{id:id}", GetAsync).WithName("getUser").WithSummary("Get a user").Produces<User>().ProducesProblemDocument(404);
        users.MapPost("", AddAsync).WithName("createUser").WithSummary("Add a user; takes an administrator").RequireAuthorization(AccessHosting.Manage)
            .Produces<User>(201).ProducesProblemDocument(403, 409, 422);
        users.MapPut("/{id:id}", ChangeAsync).WithName("updateUser").WithSummary("Set a user's daily cap; change name, role or active; takes an administrator")
            .RequireAuthorization(AccessHosting.Manage).Produces<User>().ProducesProblemDocument(403, 404, 409, 422);
    }

    private static async Task<IResult> ListAsync(Asker asker, Users users, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel) =>
        Results.Ok(await users.ListAsync(asker.Caller.Workspace, Asked.After(cursor), Asked.Limit(limit), cancel));

    private static async Task<IResult> GetAsync(UserId id, Asker asker, Users users, CancellationToken cancel) =>
        Respond.With(await users.FindAsync(asker.Caller.Workspace, id, cancel), "user");

    private static async Task<IResult> AddAsync(Body<NewUser> body, Asker asker, Users users, CancellationToken cancel) =>
        Respond.With(await users.AddAsync(asker.Caller.Workspace, body.Value, cancel), "user", user => Results.Created($"{ApiRoutes.Root}/users/{user.Id}", user));

    private static async Task<IResult> ChangeAsync(UserId id, Body<UserChange> body, Asker asker, UserChanges users, CancellationToken cancel) =>
        Respond.Ok(await users.ChangeAsync(asker.Caller.Workspace, id, body.Value, cancel), "user");
}
