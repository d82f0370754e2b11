using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Refrain.Contracts;

namespace Refrain.Server.Api;

/// <summary>Makes a problem document of everything that ends without an answer: exceptions, and statuses that the framework sets.</summary>
internal sealed partial class ProblemPages(ILogger<ProblemPages> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            RequestRefusedException refused => refused.Problem,
            BadHttpRequestException bad => OfBadRequest(bad),
            _ => Problems.Of(StatusCodes.Status500InternalServerError, "internal_error", "Something broke on our side. Nothing was done, or it says so when you look; the log has the details."),
        };
        if (problem.Status == StatusCodes.Status500InternalServerError) LogBroken(logger, httpContext.Request.Method, httpContext.Request.Path, exception);
        await Problems.WriteAsync(httpContext, problem);
        return true;
    }

    public static Task OfStatusAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        return http.Request.Path.StartsWithSegments("/u", StringComparison.Ordinal) ? Task.CompletedTask : Problems.WriteAsync(http, OfStatus(http));
    }

    private static ProblemDocument OfStatus(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized when http.Request.Headers.Authorization.Count > 0 =>
            Problems.Of(401, "invalid_key", "The API key is unknown or revoked, or the header is not \"Authorization: Bearer rfr_…\"."),
        StatusCodes.Status401Unauthorized => Problems.Of(401, "no_key", "Say who you are: \"Authorization: Bearer rfr_…\". `refrain key create` makes keys."),
        StatusCodes.Status403Forbidden => Problems.Of(403, "forbidden", "The role of this key's user does not allow it."),
        StatusCodes.Status404NotFound => Problems.Of(404, "not_found", $"There is nothing at {http.Request.Path}."),
        StatusCodes.Status405MethodNotAllowed => Problems.Of(405, "method_not_allowed", $"{http.Request.Method} is not possible at {http.Request.Path}; allowed: {http.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType => Problems.Of(
            415, "unsupported_media_type", $"The Content-Type \"{http.Request.ContentType}\" is not possible here; send application/json (for an import: text/csv)."),
        var status => Problems.Of(status, "error", $"The request ended with status {status}."),
    };

    private static ProblemDocument OfBadRequest(BadHttpRequestException bad)
    {
        if (bad.StatusCode == StatusCodes.Status413PayloadTooLarge) return TooLarge(null);
        var parameter = Parameter().Match(bad.Message);
        return parameter.Success
            ? Problems.Invalid(parameter.Groups["name"].Value, "invalid_value", $"{parameter.Groups["name"].Value} must not be \"{parameter.Groups["value"].Value}\".")
            : Problems.Of(bad.StatusCode, "bad_request", bad.Message);
    }

    public static ProblemDocument TooLarge(long? most) => Problems.Of(
        StatusCodes.Status413PayloadTooLarge, "too_large", most is null ? "The body is too large." : $"The body is too large; up to {most} bytes are allowed.");

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} broke.")]
    private static partial void LogBroken(ILogger logger, string method, string path, Exception exception);

    [GeneratedRegex("^Failed to bind parameter \"[^ ]+ (?<name>\\w+)\" from \"(?<value>.*)\"\\.$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 100)]
    private static partial Regex Parameter();
}
