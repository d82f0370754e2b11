using Microsoft.AspNetCore.WebUtilities;
using Refrain.Contracts;
using Refrain.Core;

namespace Refrain.Server.Api;

/// <summary>Problem documents (RFC 9457): every error of the API is one.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static ProblemDocument Of(int status, string code, string detail, IReadOnlyList<FieldError>? errors = null, string? id = null) =>
        new("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail, code, errors ?? [], id);

    /// <summary>Fields are to blame: each is named.</summary>
    public static ProblemDocument Invalid(IReadOnlyList<FieldError> errors) =>
        Of(StatusCodes.Status422UnprocessableEntity, "invalid_request", errors.Count == 1 ? errors[0].Message : $"{errors.Count} things are wrong: see errors.", errors);

    public static ProblemDocument Invalid(IReadOnlyList<Problem> problems) =>
        Invalid([.. problems.Select(problem => new FieldError(problem.Field, problem.Code, problem.Message))]);

    public static ProblemDocument Invalid(string field, string code, string message) => Invalid([new FieldError(field, code, message)]);

    public static ProblemDocument NotFound(string what) => Of(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}.");

    public static IResult Result(ProblemDocument problem) => Results.Json(problem, WireJson.Options, ContentType, problem.Status);

    public static async Task WriteAsync(HttpContext context, ProblemDocument problem)
    {
        context.Response.StatusCode = problem.Status;
        await context.Response.WriteAsJsonAsync(problem, WireJson.Options, ContentType, context.RequestAborted);
    }
}

/// <summary>A request that is refused before its endpoint is reached, where there is no other way to say so than to throw.</summary>
internal sealed class RequestRefusedException(ProblemDocument problem) : Exception(problem.Detail)
{
    public ProblemDocument Problem => problem;
}
