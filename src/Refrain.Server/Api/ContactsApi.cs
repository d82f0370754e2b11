using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Contacts;

namespace Refrain.Server.Api;

internal static class ContactsApi
{
    public static void MapContacts(this RouteGroupBuilder api)
    {
        var contacts = api.Chapter("/contacts", "Contacts");
        contacts.MapGet("", ListAsync).WithName("listContacts").WithSummary("List contacts, or the one with an address").Produces<Page<Contact>>();
        contacts.MapPost("", CreateAsync).WithName("createContact").WithSummary("Add a contact; an address that is known is a conflict with its id")
            .Produces<Created>(201).ProducesProblemDocument(409, 422);
        contacts.MapPost("/import", ImportAsync).WithName("importContacts").WithSummary("Import contacts from CSV; wrong rows are named and left out")
            .WithMetadata(new AcceptsMetadata(["text/csv", "application/octet-stream", "text/plain"], typeof(Stream), isOptional: true))
            .Produces<ImportResult>().ProducesProblemDocument(413, 422);
        contacts.MapGet("/{id:id}", GetAsync).WithName("getContact").WithSummary("Get a contact").Produces<Contact>().ProducesProblemDocument(404);
        contacts.MapPut("/{id:id}", ChangeAsync).WithName("updateContact").WithSummary("Replace a contact; what failed for want of a field tries again")
            .Produces<Contact>().ProducesProblemDocument(404, 409, 422);
        contacts.MapDelete("/{id:id}", DeleteAsync).WithName("deleteContact").WithSummary("Take a contact out of every sequence and erase what is known of him")
            .Produces(204).ProducesProblemDocument(404);
    }

    private static async Task<IResult> ListAsync(
        Asker asker, ContactQueries queries, [FromQuery] string? email, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel) =>
        Results.Ok(await queries.ListAsync(asker.Caller.Workspace, email, Asked.After(cursor), Asked.Limit(limit), cancel));

    private static async Task<IResult> CreateAsync(Body<ContactDetails> body, Asker asker, ContactBook book, CancellationToken cancel) => Respond.With(
        await book.CreateAsync(asker.Caller.Workspace, body.Value, cancel), "contact", contact => Results.Created($"{ApiRoutes.Root}/contacts/{contact.Id}", contact));

    private static async Task<IResult> GetAsync(ContactId id, Asker asker, ContactQueries queries, CancellationToken cancel) =>
        Respond.With(await queries.FindAsync(asker.Caller.Workspace, id, cancel), "contact");

    private static async Task<IResult> ChangeAsync(ContactId id, Body<ContactDetails> body, Asker asker, ContactBook book, CancellationToken cancel) =>
        Respond.Ok(await book.ChangeAsync(asker.Caller.Workspace, id, body.Value, asker.Caller.Actor, cancel), "contact");

    private static async Task<IResult> DeleteAsync(ContactId id, Asker asker, ContactBook book, CancellationToken cancel) =>
        await book.DeleteAsync(asker.Caller.Workspace, id, asker.Caller.Actor, cancel) ? Results.NoContent() : Problems.Result(Problems.NotFound("contact"));

    private static async Task<IResult> ImportAsync(
        HttpRequest request, Asker asker, ContactImport import, [FromQuery] string? onExisting, CancellationToken cancel)
    {
        if (request.ContentLength > Bodies.MostCsv) return Problems.Result(ProblemPages.TooLarge(Bodies.MostCsv));
        var existing = OnExisting.Update;
        if (onExisting is not null && !WireName.TryParse(onExisting, out existing))
            return Problems.Result(Problems.Invalid("onExisting", "invalid_value", $"onExisting must be one of {string.Join(", ", WireName.All<OnExisting>())}, not \"{onExisting}\"."));
        return Respond.Ok(await import.ImportAsync(asker.Caller.Workspace, asker.Caller.Actor, request.Body, existing, cancel), "contact");
    }
}
