using Refrain.Server.Api;
using Refrain.Server.Hosting;

if (ServeOptions.AsksForHelp(args))
{
    Console.WriteLine(ServeOptions.Help);
    return 0;
}

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
app.UseRefrainProblems();
app.UseAuthentication();
app.UseAuthorization();
app.MapRefrainApi();
app.MapHealth();
app.MapUnsubscribe();
app.MapApiDescription();
return await app.ServeAsync();
