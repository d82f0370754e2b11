using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Refrain.Contracts;

namespace Refrain.Server.Hosting;

/// <summary>Who may do what: to look takes any role, to change something a member's, to manage people an administrator's. A question may need a body, and be a POST.</summary>
internal static class AccessHosting
{
    public const string Work = "work";
    public const string Manage = "manage";

    public static void AddRefrainAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(ApiKeyHandler.Scheme).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, null);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Work, policy => policy.RequireRole(From(Role.Member)))
            .AddPolicy(Manage, policy => policy.RequireRole(From(Role.Admin)));
    }

    /// <summary>It changes nothing, though it is a POST.</summary>
    public static TBuilder OnlyLooks<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Look());

    /// <summary>Every endpoint below asks for a sign-in, and every one that changes something for more than a viewer.</summary>
    public static void RequireAccess(this RouteGroupBuilder group)
    {
        group.RequireAuthorization();
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (!endpoint.Metadata.OfType<Look>().Any() && endpoint.Metadata.OfType<HttpMethodMetadata>().Any(methods => methods.HttpMethods.Any(method => !HttpMethods.IsGet(method))))
                endpoint.Metadata.Add(new AuthorizeAttribute(Work));
        });
    }

    private sealed class Look;

    private static IEnumerable<string> From(Role least) => Enum.GetValues<Role>().Where(role => role >= least).Select(WireName.Of);
}
