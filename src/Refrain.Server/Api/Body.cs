using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Refrain.Contracts;

namespace Refrain.Server.Api;

/// <summary>A request's JSON, read strictly: whatever does not fit is named, all at once, before an endpoint runs.</summary>
internal sealed record Body<T>(T Value) : IEndpointParameterMetadataProvider where T : class
{
    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        var read = StrictJson.Read<T>(await Bodies.ReadAsync(context.Request, Bodies.MostJson, context.RequestAborted));
        if (read.Malformed is { } malformed) throw new RequestRefusedException(Problems.Of(StatusCodes.Status400BadRequest, "malformed_json", malformed));
        return read.Value is { } value ? new(value) : throw new RequestRefusedException(Problems.Invalid(read.Errors));
    }

    /// <summary>A body whose members all have defaults may be left out.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: StrictJson.Read<T>(default).Value is not null));
}

/// <summary>Reads bodies, up to a size.</summary>
internal static class Bodies
{
    public const int MostJson = 10 * 1024 * 1024;
    public const int MostCsv = 200 * 1024 * 1024;

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int most, CancellationToken cancel)
    {
        if (request.ContentLength > most) throw new RequestRefusedException(ProblemPages.TooLarge(most));
        using var all = new MemoryStream((int)(request.ContentLength ?? 4096));
        var buffer = new byte[16 * 1024];
        for (int count; (count = await request.Body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (all.Length + count > most) throw new RequestRefusedException(ProblemPages.TooLarge(most));
            await all.WriteAsync(buffer.AsMemory(0, count), cancel);
        }
        return all.ToArray();
    }
}
