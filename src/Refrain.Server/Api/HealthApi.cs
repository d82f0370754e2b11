using System.Data.Common;
using Refrain.Engine.Storage;

namespace Refrain.Server.Api;

internal static class HealthApi
{
    public static void MapHealth(this WebApplication app) =>
        app.MapGet("/healthz", HealthAsync).WithName("getHealth").WithTags("Health").WithSummary("Whether the server and its database work").Produces<Health>().ProducesProblemDocument(503);

    private static async Task<IResult> HealthAsync(Database database, CancellationToken cancel)
    {
        try
        {
            await database.PingAsync(cancel);
            return Results.Ok(new Health("ok"));
        }
        catch (DbException broken)
        {
            return Problems.Result(Problems.Of(StatusCodes.Status503ServiceUnavailable, "database_unreachable", broken.Message));
        }
    }

    internal sealed record Health(string Status);
}
