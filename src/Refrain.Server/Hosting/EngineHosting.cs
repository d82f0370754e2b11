using Refrain.Engine;
using Refrain.Engine.Hosting;

namespace Refrain.Server.Hosting;

/// <summary>The engine in this process.</summary>
internal static class EngineHosting
{
    public const string PublicUrlVariable = "REFRAIN_PUBLIC_URL";

    public static void AddRefrainEngine(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[WebHostDefaults.ServerUrlsKey] is null) builder.WebHost.UseUrls(ServeOptions.DefaultUrl);
        // A line for each request is for whoever looks for a fault; the key ring's warning is answered in docs/decisions/0031-secrets-at-rest.md.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            .AddFilter(typeof(ApiKeyHandler).FullName, LogLevel.Warning);
        builder.Services.AddSingleton(new EngineSettings(PublicUrl(builder.Configuration), Guid.CreateVersion7().ToString("N")));
        builder.Services.AddRefrainKeyRing();
        builder.Services.AddRefrainEngine();
    }

    private static string PublicUrl(ConfigurationManager configuration)
    {
        var url = configuration[PublicUrlVariable];
        if (string.IsNullOrWhiteSpace(url)) url = configuration[WebHostDefaults.ServerUrlsKey]?.Split(';')[0] ?? ServeOptions.DefaultUrl;
        return url.TrimEnd('/');
    }
}
