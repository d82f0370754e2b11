using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Refrain.Contracts;
using Scalar.AspNetCore;

namespace Refrain.Server.Api;

/// <summary>The API's own description: OpenAPI, and a page to read it on that loads nothing from anywhere else.</summary>
internal static class ApiDescription
{
    private const string Key = "key";

    public static void AddRefrainApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddSchemaTransformer(DescribeValuesAsync);
    });

    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.Use(KeepToOurselves);
        app.MapScalarApiReference("/scalar", scalar => scalar.WithTitle("Refrain API").DisableDefaultFonts().HideDeveloperTools().DisableAgent().DisableTelemetry().WithOpenApiRoutePattern("/openapi/{documentName}.json"));
    }

    // The page's program knows addresses of its makers; here it cannot reach them.
    private static Task KeepToOurselves(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/scalar", StringComparison.Ordinal))
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:";
        return next(context);
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new() { Title = "Refrain", Version = "v1", Description = "Sends sequences of emails, hands people the steps in between, and knows when to stop." };
        // Where the server is differs from reader to reader; paths are what counts.
        document.Servers = [];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "rfr_…", Description = "Made by `refrain key create`." },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
        return Task.CompletedTask;
    }

    // The serialiser's own converters have no schema of their own.
    private static Task DescribeValuesAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        var orNull = type == context.JsonTypeInfo.Type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        if (type == typeof(DateTimeOffset)) (schema.Type, schema.Format) = (orNull, "date-time");
        if (type == typeof(TimeOnly)) (schema.Type, schema.Format, schema.Pattern) = (orNull, null, "^([01][0-9]|2[0-3]):[0-5][0-9]$");
        if (context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), inherit: true).OfType<OneOfAttribute>().FirstOrDefault() is { } names)
            schema.Enum = [.. names.Names.Select(name => (JsonNode)name), .. schema.Type?.HasFlag(JsonSchemaType.Null) == true ? [JsonNullSentinel.JsonNull] : Array.Empty<JsonNode>()];
        return Task.CompletedTask;
    }
}
