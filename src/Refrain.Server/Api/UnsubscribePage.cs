namespace Refrain.Server.Api;

/// <summary>Three small pages without scripts, for whoever gets email: readable by eye, keyboard and screen reader, in the dark as well.</summary>
internal static class UnsubscribePage
{
    public static IResult Question() => Page(
        StatusCodes.Status200OK, "Unsubscribe", "You will get no more email from us. Nothing happens until you press the button.",
        """<form method="post"><button type="submit">Unsubscribe</button></form>""");

    public static IResult Done() => Page(StatusCodes.Status200OK, "You are unsubscribed", "You will get no more email from us.", "");

    public static IResult NotALink() => Page(
        StatusCodes.Status404NotFound, "This link does not work", "It may have been cut off. Open it from the email again, or answer the email with the word “unsubscribe”.", "");

    private static IResult Page(int status, string title, string text, string form) => new PageResult(status, $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{{title}}</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 1.125rem/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh; }
        main { max-width: 32rem; padding: 2rem; }
        button { font: inherit; padding: .6rem 1.2rem; cursor: pointer; }
        </style>
        </head>
        <body>
        <main>
        <h1>{{title}}</h1>
        <p>{{text}}</p>
        {{form}}
        </main>
        </body>
        </html>
        """);

    private sealed class PageResult(int status, string html) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.CacheControl = "no-store";
            headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
            headers["Referrer-Policy"] = "no-referrer";
            return Results.Text(html, "text/html; charset=utf-8", statusCode: status).ExecuteAsync(httpContext);
        }
    }
}
