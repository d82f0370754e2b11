using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Refrain.Contracts;
using Refrain.Engine.Access;

namespace Refrain.Server.Hosting;

/// <summary>Lets programs in: <c>Authorization: Bearer rfr_…</c> (RFC 6750 section 2.1).</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.Headers.TryGetValue("Authorization", out var header)) return AuthenticateResult.NoResult();
        var words = header.ToString().Split(' ', 2, StringSplitOptions.TrimEntries);
        if (words.Length != 2 || !words[0].Equals(Scheme, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        if (await keys.FindAsync(words[1], Context.RequestAborted) is not { } caller) return AuthenticateResult.Fail("The key is unknown or revoked.");
        Context.Items[typeof(Caller)] = caller;
        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, caller.User.ToString()), new(ClaimTypes.Role, WireName.Of(caller.Role))], Scheme);
        return AuthenticateResult.Success(new(new(identity), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Scheme;
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
