using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Mailboxes;

namespace Refrain.Server.Api;

internal static class MailboxesApi
{
    public static void MapMailboxes(this RouteGroupBuilder api)
    {
        var mailboxes = api.Chapter("/mailboxes", "Mailboxes");
        mailboxes.MapGet("", ListAsync).WithName("listMailboxes").WithSummary("List mailboxes; secrets never come back").Produces<Page<Mailbox>>();
        mailboxes.MapPost("", AddAsync).WithName("createMailbox").WithSummary("Connect a mailbox; its servers are tried in the background")
            .Produces<MailboxState>(201).ProducesProblemDocument(409, 422);
        mailboxes.MapGet("/{id:id}", GetAsync).WithName("getMailbox").WithSummary("Get a mailbox").Produces<Mailbox>().ProducesProblemDocument(404);
        mailboxes.MapPut("/{id:id}", ChangeAsync).WithName("updateMailbox").WithSummary("Replace a mailbox's settings; a password that is left out is kept")
            .Produces<Mailbox>().ProducesProblemDocument(404, 409, 422);
        mailboxes.MapDelete("/{id:id}", DeleteAsync).WithName("deleteMailbox").WithSummary("Disconnect a mailbox that no open enrollment sends from")
            .Produces(204).ProducesProblemDocument(404, 409);
        mailboxes.MapPost("/{id:id}/check", CheckAsync).WithName("checkMailbox").WithSummary("Sign in to both servers now").Produces<MailboxState>().ProducesProblemDocument(404);
    }

    private static async Task<IResult> ListAsync(Asker asker, MailboxQueries queries, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel) =>
        Results.Ok(await queries.ListAsync(asker.Caller.Workspace, Asked.After(cursor), Asked.Limit(limit), cancel));

    private static async Task<IResult> AddAsync(Body<MailboxSettings> body, Asker asker, MailboxRegister register, CancellationToken cancel) => Respond.With(
        await register.AddAsync(asker.Caller.Workspace, asker.Caller.User, body.Value, cancel), "mailbox",
        mailbox => Results.Created($"{ApiRoutes.Root}/mailboxes/{mailbox.Id}", mailbox));

    private static async Task<IResult> GetAsync(MailboxId id, Asker asker, MailboxQueries queries, CancellationToken cancel) =>
        Respond.With(await queries.FindAsync(asker.Caller.Workspace, id, cancel), "mailbox");

    private static async Task<IResult> ChangeAsync(MailboxId id, Body<MailboxSettings> body, Asker asker, MailboxRegister register, CancellationToken cancel) =>
        Respond.Ok(await register.ChangeAsync(asker.Caller.Workspace, id, body.Value, cancel), "mailbox");

    private static async Task<IResult> DeleteAsync(MailboxId id, Asker asker, MailboxRegister register, CancellationToken cancel) =>
        Respond.With(await register.DeleteAsync(asker.Caller.Workspace, id, cancel), "mailbox", _ => Results.NoContent());

    private static async Task<IResult> CheckAsync(MailboxId id, Asker asker, MailboxChecks checks, CancellationToken cancel) =>
        Respond.With(await checks.CheckAsync(asker.Caller.Workspace, id, cancel), "mailbox");
}
