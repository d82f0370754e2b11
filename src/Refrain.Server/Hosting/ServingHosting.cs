using Refrain.Server.Api;

namespace Refrain.Server.Hosting;

/// <summary>Runs the server until it is told to stop.</summary>
internal static class ServingHosting
{
    /// <summary>What answers, in the order in which a request passes it.</summary>
    public static void UseRefrainServer(this WebApplication app)
    {
        app.UseRefrainProblems();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapRefrainApi();
        app.MapHealth();
        app.MapUnsubscribe();
        app.MapApiDescription();
    }

    /// <summary>The exit code: 1 when it cannot listen where it shall.</summary>
    public static async Task<int> ServeAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"refrain serve: {taken.Message} Choose another with --urls.");
            return 1;
        }
    }
}
