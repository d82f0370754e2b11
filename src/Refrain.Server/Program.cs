using Refrain.Server.Api;
using Refrain.Server.Demo;
using Refrain.Server.Hosting;

if (ServeOptions.AsksForHelp(args))
{
    Console.WriteLine(ServeOptions.Help);
    return 0;
}

if (args.Contains(DemoHost.Option)) return await DemoHost.RunAsync(args);

InjectedDeath.Arm(Environment.GetEnvironmentVariable);
var builder = WebApplication.CreateBuilder(args);
if (builder.TryOpenStorage() is { } problem)
{
    await Console.Error.WriteLineAsync($"refrain serve: {problem}");
    return 1;
}

builder.AddRefrainEngine();
builder.AddRefrainAccess();
builder.AddRefrainApi();

var app = builder.Build();
app.UseRefrainServer();
return await app.ServeAsync();
