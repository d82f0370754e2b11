using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Inbound;
using Refrain.Engine.Inbound;

namespace Refrain.Server.Api;

internal static class MessagesApi
{
    public static void MapMessages(this RouteGroupBuilder api)
    {
        var messages = api.Chapter("/messages", "Messages");
        messages.MapGet("/{id:id}", GetAsync).WithName("getMessage").WithSummary("Get a message, sent or received").Produces<Message>().ProducesProblemDocument(404);
        messages.MapGet("/{id:id}/source", SourceAsync).WithName("getMessageSource").WithSummary("Get a received message as it came (RFC 5322)")
            .Produces<byte[]>(200, "message/rfc822").ProducesProblemDocument(404);
        messages.MapPost("/{id:id}/reclassify", ReclassifyAsync).WithName("reclassifyMessage")
            .WithSummary("Say what a misread message really is: what it did is taken back, and the right reading is applied")
            .Produces<Message>().ProducesProblemDocument(404, 409, 422);
    }

    private static async Task<IResult> GetAsync(MessageId id, Asker asker, MessageQueries queries, CancellationToken cancel) =>
        Respond.With(await queries.FindAsync(asker.Caller.Workspace, id, cancel), "message");

    private static async Task<IResult> SourceAsync(MessageId id, Asker asker, MessageQueries queries, CancellationToken cancel) =>
        await queries.SourceAsync(asker.Caller.Workspace, id, cancel) is { } raw ? Results.Bytes(raw, "message/rfc822") : Problems.Result(Problems.NotFound("message"));

    private static async Task<IResult> ReclassifyAsync(MessageId id, Body<Reclassify> body, Asker asker, Corrections corrections, MessageQueries queries, CancellationToken cancel)
    {
        var (right, back) = (body.Value.Class, body.Value.ReturnDate);
        if (back is not null && right != MessageClass.OutOfOffice)
            return Problems.Result(Problems.Invalid("returnDate", "not_for_this_class", $"Only out_of_office has a return date, not \"{WireName.Of(right)}\"."));
        var answer = await corrections.CorrectAsync(
            asker.Caller.Workspace, asker.Caller.Actor, id, InboundClassNames.ParseInboundClass(WireName.Of(right))!.Value,
            back is { } day ? LocalDate.FromDateOnly(day) : null, cancel);
        return answer is Engine.Answer<MessageId>.Missing && await queries.FindAsync(asker.Caller.Workspace, id, cancel) is not null
            ? Problems.Result(Problems.Of(StatusCodes.Status409Conflict, "not_incoming", "This message was sent; only one that came in can be read wrongly."))
            : Respond.With(answer, "message", _ => Results.Empty) is var refusal && answer is not Engine.Answer<MessageId>.Done
                ? refusal
                : Respond.With(await queries.FindAsync(asker.Caller.Workspace, id, cancel), "message");
    }
}
