using Microsoft.Extensions.Time.Testing;
using Refrain.Engine.Access;
using Refrain.Engine.Mail;
using Refrain.Engine.Storage;
using Refrain.Server.Api;
using Refrain.Server.Hosting;
using Spectre.Console;

namespace Refrain.Server.Demo;

/// <summary><c>serve --demo</c>: the whole product on a folder of its own, with a pretend mail world, a clock that leaps, and a salesperson who does his tasks.</summary>
internal static class DemoHost
{
    public const string Option = "--demo";

    /// <summary>Exit code 0 when every run ended as its character's habit says, else 1.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("refrain-demo-");
        try
        {
            return await RunAsync([.. args.Where(argument => argument != Option)], folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(string[] args, string folder)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration[DatabaseSettings.FolderVariable] = folder;
        builder.Configuration[DatabaseSettings.DatabaseVariable] = null;
        if (builder.TryOpenStorage() is { } problem)
        {
            await Console.Error.WriteLineAsync($"refrain serve --demo: {problem}");
            return 1;
        }
        var time = new FakeTimeProvider(NextMonday());
        AddPretence(builder.Services, time);
        builder.AddRefrainEngine();
        builder.AddRefrainAccess();
        builder.AddRefrainApi();
        await using var app = builder.Build();
        app.UseRefrainServer();
        await app.StartAsync();
        var right = await PlayAsync(app, time);
        await app.StopAsync();
        return right ? 0 : 1;
    }

    private static void AddPretence(IServiceCollection services, FakeTimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<PretendWorld>();
        services.AddSingleton<IMailSender>(all => all.GetRequiredService<PretendWorld>());
        services.AddSingleton<IInbox>(all => all.GetRequiredService<PretendWorld>());
        services.AddHostedService<LeapingClock>();
    }

    private static async Task<bool> PlayAsync(WebApplication app, FakeTimeProvider time)
    {
        var key = await CreateKeyAsync(app.Services, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First().TrimEnd('/') + "/api/v1/") };
        var run = new DemoRun(new Rehearsal(http, key), new DemoScreen(AnsiConsole.Console), AnsiConsole.Console, time);
        return await run.PlayAsync(app.Lifetime.ApplicationStopping);
    }

    private static async Task<string> CreateKeyAsync(IServiceProvider services, CancellationToken cancel)
    {
        var (workspace, user) = await services.GetRequiredService<FirstAdmin>().EnsureAsync(cancel);
        return await services.GetRequiredService<ApiKeys>().CreateAsync(workspace, user, "rehearsal", cancel);
    }

    private static DateTimeOffset NextMonday()
    {
        var today = TimeProvider.System.GetUtcNow().Date;
        return new(today.AddDays(((int)DayOfWeek.Monday - (int)today.DayOfWeek + 7) % 7).AddHours(8), TimeSpan.Zero);
    }
}
