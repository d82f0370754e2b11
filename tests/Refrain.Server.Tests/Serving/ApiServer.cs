using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Refrain.Core;
using Refrain.Engine.Access;
using Refrain.Engine.Mail;
using Refrain.Testing;

namespace Refrain.Server.Tests.Serving;

/// <summary>The whole server on a database of its own, with a clock that the test moves and mail servers that answer what the test says; its loops do not run.</summary>
internal sealed class ApiServer : WebApplicationFactory<Program>
{
    private readonly FreshDatabase fresh;

    private ApiServer(FreshDatabase fresh) => this.fresh = fresh;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2027, 1, 4, 9, 0, 0, TimeSpan.Zero));
    public AnsweringMail Mail { get; } = new();
    public WorkspaceId Workspace { get; private set; }
    public UserId Admin { get; private set; }

    /// <summary>Asks as the administrator.</summary>
    public ApiClient Api { get; private set; } = null!;

    public static async Task<ApiServer> StartAsync(DatabaseKind kind = DatabaseKind.Sqlite)
    {
        var server = new ApiServer(await FreshDatabase.MigratedAsync(kind));
        (server.Workspace, server.Admin) = await server.Get<FirstAdmin>().EnsureAsync(CancellationToken.None);
        server.Api = await server.AsAsync(server.Admin);
        return server;
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Asks without a key.</summary>
    public ApiClient Anonymous() => new(CreateClient(), null);

    public ApiClient With(string key) => new(CreateClient(), key);

    public async Task<ApiClient> AsAsync(UserId user) => With(await Get<ApiKeys>().CreateAsync(Workspace, user, "test", CancellationToken.None));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await fresh.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("REFRAIN_DATA", fresh.Folder);
        builder.UseSetting("REFRAIN_DATABASE", fresh.Kind == DatabaseKind.Postgres ? fresh.ConnectionString : "");
        builder.ConfigureLogging(logging => logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning));
        builder.ConfigureTestServices(services =>
        {
            foreach (var loop in services.Where(IsLoop).ToList()) services.Remove(loop);
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
            services.AddSingleton<IMailSender>(Mail);
            services.AddSingleton<IInbox>(Mail);
        });
    }

    private static bool IsLoop(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Namespace?.StartsWith("Refrain.", StringComparison.Ordinal) == true;
}
