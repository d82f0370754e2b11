using Refrain.Contracts;
using Refrain.Core;
using Refrain.Server.Hosting;

namespace Refrain.Server.Api;

/// <summary>The table of contents of the REST API.</summary>
internal static class ApiRoutes
{
    public const string Root = "/api/v1";

    public static void AddRefrainApi(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        builder.Services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<IdConstraint>(IdConstraint.Name));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ProblemPages>();
        builder.Services.AddSingleton<Verbs>();
        builder.Services.AddRefrainApiDescription();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = Bodies.MostCsv);
    }

    public static void UseRefrainProblems(this WebApplication app)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(ProblemPages.OfStatusAsync);
    }

    public static void MapRefrainApi(this WebApplication app)
    {
        var api = app.MapGroup(Root);
        api.AddEndpointFilterFactory(Asked.RefuseUnknown);
        api.RequireAccess();
        api.MapUsers();
        api.MapKeys();
        api.MapMailboxes();
        api.MapContacts();
        api.MapSequences();
        api.MapEnrolling();
        api.MapEnrollments();
        api.MapEnrollmentVerbs();
        api.MapFailures();
        api.MapJobs();
        api.MapMessages();
        api.MapTasks();
        api.MapSuppressions();
        api.MapWebhooks();
    }

    /// <summary>Everything of one resource, under its address and in its chapter of the description.</summary>
    public static RouteGroupBuilder Chapter(this RouteGroupBuilder api, string path, string tag)
    {
        var group = api.MapGroup(path).WithTags(tag);
        group.ProducesProblemDocument(StatusCodes.Status401Unauthorized);
        return group;
    }

    /// <summary>Says in the description with which statuses an endpoint refuses.</summary>
    public static TBuilder ProducesProblemDocument<TBuilder>(this TBuilder endpoint, params ReadOnlySpan<int> statuses) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses) endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDocument), [Problems.ContentType]));
        return endpoint;
    }
}

/// <summary>Ids in addresses. What cannot be an id is an address at which there is nothing.</summary>
internal sealed class IdConstraint : IRouteConstraint
{
    public const string Name = "id";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        EnrollmentId.TryParse(values[routeKey] as string, out _);
}
