using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Forecasts;
using Refrain.Engine.Sequences;
using Refrain.Server.Hosting;

namespace Refrain.Server.Api;

internal static class SequencesApi
{
    public static void MapSequences(this RouteGroupBuilder api)
    {
        var sequences = api.Chapter("/sequences", "Sequences");
        sequences.MapGet("", ListAsync).WithName("listSequences").WithSummary("List sequences").Produces<Page<SequenceLine>>();
        sequences.MapPost("", CreateAsync).WithName("createSequence").WithSummary("Write a draft; version 0 until it is published")
            .Produces<SequenceSaved>(201).ProducesProblemDocument(422);
        sequences.MapGet("/{id:id}", GetAsync).WithName("getSequence").WithSummary("Get a sequence's draft; its revision is the ETag").Produces<Sequence>().ProducesProblemDocument(404);
        sequences.MapPut("/{id:id}", SaveAsync).WithName("updateSequence")
            .WithSummary("Replace the draft; with a revision (or If-Match) only if nobody saved since").Produces<SequenceSaved>().ProducesProblemDocument(404, 409, 412, 422);
        sequences.MapPost("/{id:id}/publish", PublishAsync).WithName("publishSequence").WithSummary("Make the draft the next version; open runs stay in theirs, or move along; dryRun=true shows who would be met, and how. Warns when whoever is enrolled now could never finish")
            .Produces<Published>().ProducesProblemDocument(404, 422);
        sequences.MapPut("/{id:id}/pause", PauseAsync).WithName("pauseSequence").WithSummary("Pause the whole sequence; states stay, waits freeze").Produces<SequenceLine>().ProducesProblemDocument(404);
        sequences.MapDelete("/{id:id}/pause", ResumeAsync).WithName("resumeSequence").WithSummary("Resume a paused sequence; what was left of delays runs on").Produces<SequenceLine>().ProducesProblemDocument(404);
        sequences.MapPost("/{id:id}/forecast", ForecastAsync).WithName("forecastSequence")
            .WithSummary("Say day by day what will be sent, with what waits already and with contacts and limits as asked; nothing is written")
            .Produces<Forecast>().ProducesProblemDocument(404, 422).OnlyLooks();
        sequences.MapGet("/{id:id}/stats", StatsAsync).WithName("getSequenceStats").WithSummary("Count enrollments by state, and what came of each step").Produces<SequenceStats>().ProducesProblemDocument(404);
    }

    private static async Task<IResult> ListAsync(Asker asker, SequenceQueries queries, [FromQuery] string? cursor, [FromQuery] int? limit, CancellationToken cancel) =>
        Results.Ok(await queries.ListAsync(asker.Caller.Workspace, Asked.After(cursor), Asked.Limit(limit), cancel));

    private static async Task<IResult> CreateAsync(Body<SequenceText> body, Asker asker, SequenceDesk desk, CancellationToken cancel) => Respond.With(
        await desk.CreateAsync(asker.Caller.Workspace, asker.Caller.User, body.Value, cancel), "sequence",
        sequence => Results.Created($"{ApiRoutes.Root}/sequences/{sequence.Id}", sequence));

    private static async Task<IResult> GetAsync(SequenceId id, Asker asker, SequenceQueries queries, HttpResponse response, CancellationToken cancel)
    {
        var sequence = await queries.FindAsync(asker.Caller.Workspace, id, cancel);
        if (sequence is not null) response.Headers.ETag = ETag(sequence.Revision);
        return Respond.With(sequence, "sequence");
    }

    private static async Task<IResult> SaveAsync(SequenceId id, Body<SequenceChange> body, Asker asker, SequenceDesk desk, HttpRequest request, CancellationToken cancel)
    {
        var condition = request.Headers.IfMatch.ToString();
        var change = body.Value;
        if (condition.Length > 0)
        {
            if (!TryReadRevision(condition, out var revision))
                return Problems.Result(Problems.Of(412, SequenceDesk.Stale, $"If-Match {condition} is no revision of a draft; GET gives it as ETag."));
            change = change with { Revision = revision };
        }
        var answer = await desk.SaveAsync(asker.Caller.Workspace, id, change, cancel);
        // RFC 9110 section 13.1.1: a failed If-Match is a failed precondition, not a conflict.
        return answer is Answer<SequenceSaved>.Conflict { Code: SequenceDesk.Stale } stale && condition.Length > 0
            ? Problems.Result(Problems.Of(412, stale.Code, stale.Sentence, id: stale.Id))
            : Respond.With(answer, "sequence", saved => Saved(saved, request.HttpContext.Response));
    }

    private static async Task<IResult> PublishAsync(
        SequenceId id, Body<Publish> body, Asker asker, Publishing publishing, PublishRehearsals rehearsals, [FromQuery] bool? dryRun, [FromQuery] string? cursor,
        [FromQuery] int? limit, CancellationToken cancel) => dryRun == true
        ? Respond.Ok(await rehearsals.RehearseAsync(asker.Caller.Workspace, id, body.Value.OpenRuns, Asked.After(cursor), Asked.Limit(limit), cancel), "sequence")
        : Respond.Ok(await publishing.PublishAsync(asker.Caller, id, body.Value.OpenRuns, cancel), "sequence");

    private static async Task<IResult> PauseAsync(SequenceId id, Asker asker, SequencePauses pauses, CancellationToken cancel) =>
        Respond.With(await pauses.PauseAsync(asker.Caller.Workspace, id, cancel), "sequence");

    private static async Task<IResult> ResumeAsync(SequenceId id, Asker asker, SequencePauses pauses, CancellationToken cancel) =>
        Respond.With(await pauses.ResumeAsync(asker.Caller.Workspace, id, cancel), "sequence");

    private static async Task<IResult> ForecastAsync(SequenceId id, Body<ForecastRequest> body, Asker asker, ForecastQueries forecasts, CancellationToken cancel) =>
        Respond.Ok(await forecasts.RunAsync(asker.Caller, id, body.Value, cancel), "sequence");

    private static async Task<IResult> StatsAsync(SequenceId id, Asker asker, StatsQueries queries, CancellationToken cancel) =>
        Respond.With(await queries.OfSequenceAsync(asker.Caller.Workspace, id, cancel), "sequence");

    private static IResult Saved(SequenceSaved saved, HttpResponse response)
    {
        response.Headers.ETag = ETag(saved.Revision);
        return Results.Ok(saved);
    }

    private static string ETag(int revision) => $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";

    private static bool TryReadRevision(string condition, out int revision)
    {
        revision = 0;
        return EntityTagHeaderValue.TryParse(condition, out var tag) && !tag.IsWeak
            && int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out revision);
    }
}
