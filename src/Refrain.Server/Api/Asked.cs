using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Refrain.Contracts;
using Refrain.Engine.Access;

namespace Refrain.Server.Api;

/// <summary>Who asks; set by the sign-in.</summary>
internal sealed record Asker(Caller Caller)
{
    public static ValueTask<Asker> BindAsync(HttpContext context) => ValueTask.FromResult(new Asker((Caller)context.Items[typeof(Caller)]!));
}

/// <summary>Reads what stands in the query of an address. A parameter that is misspelt would silently ask for something else, so it is refused.</summary>
internal static class Asked
{
    private const int UsualPage = 50;
    private const int LongestPage = 500;

    public static int Limit(int? asked) => asked is null ? UsualPage
        : asked is >= 1 and <= LongestPage ? asked.Value
        : throw new RequestRefusedException(Problems.Invalid("limit", "out_of_range", $"limit is {asked}; allowed is 1 to {LongestPage}."));

    /// <summary>The key after which a page begins.</summary>
    public static Guid After(string? cursor) => cursor is null ? Guid.Empty
        : Guid.TryParseExact(cursor, "N", out var key) ? key : throw new RequestRefusedException(BadCursor(cursor));

    public static ProblemDocument BadCursor(string cursor) => Problems.Invalid("cursor", "invalid_cursor", $"\"{cursor}\" is no cursor that a list gave as next.");

    public static T? Id<T>(string name, string? text, TryParse<T> parse) where T : struct => text is null ? null
        : parse(text, out var id) ? id : throw new RequestRefusedException(Problems.Invalid(name, "invalid_id", $"\"{text}\" is no id."));

    public static T? Name<T>(string name, string? text) where T : struct, Enum => text is null ? null
        : WireName.TryParse<T>(text, out var value) ? value
        : throw new RequestRefusedException(Problems.Invalid(name, "invalid_value", $"{name} must be one of {string.Join(", ", WireName.All<T>())}, not \"{text}\"."));

    public static DateTimeOffset? Instant(string name, string? text) => text is null ? null
        : InstantConverter.TryParse(text, out var instant) ? instant
        : throw new RequestRefusedException(Problems.Invalid(name, "invalid_value", $"{name} must be an instant like \"2027-01-04T09:30:00Z\", not \"{text}\"."));

    public static EndpointFilterDelegate RefuseUnknown(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var known = context.MethodInfo.GetParameters().Where(parameter => parameter.GetCustomAttribute<FromQueryAttribute>() is not null)
            .Select(parameter => parameter.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return invocation =>
        {
            var unknown = invocation.HttpContext.Request.Query.Keys.Where(key => !known.Contains(key))
                .Select(key => new FieldError(key, "unknown_parameter", $"\"{key}\" is not a parameter here. Allowed: {(known.Count == 0 ? "none" : string.Join(", ", known))}.")).ToList();
            return unknown.Count == 0 ? next(invocation) : ValueTask.FromResult<object?>(Problems.Result(Problems.Invalid(unknown)));
        };
    }
}

/// <summary>The TryParse of an id.</summary>
internal delegate bool TryParse<T>(string? text, out T id);
