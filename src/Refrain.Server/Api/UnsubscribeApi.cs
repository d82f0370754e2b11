using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Mail.Unsubscribe;

namespace Refrain.Server.Api;

/// <summary>
/// The page behind the link in the footer. Scanners of mail follow links, so GET changes nothing; POST acts at once, from the page's button and from a mail
/// program (RFC 8058), which sends <c>List-Unsubscribe=One-Click</c>.
/// </summary>
internal static class UnsubscribeApi
{
    public static void MapUnsubscribe(this WebApplication app)
    {
        app.MapGet("/u/{token}", Ask).ExcludeFromDescription();
        app.MapPost("/u/{token}", ActAsync).ExcludeFromDescription();
    }

    private static IResult Ask(string token, UnsubscribeLinks links) =>
        links.TryRead(token, out _) ? UnsubscribePage.Question() : UnsubscribePage.NotALink();

    private static async Task<IResult> ActAsync(string token, HttpRequest request, UnsubscribeLinks links, OptOuts optOuts, CancellationToken cancel)
    {
        if (!links.TryRead(token, out var claim)) return UnsubscribePage.NotALink();
        var form = request.HasFormContentType ? await request.ReadFormAsync(cancel) : null;
        var source = form is not null && form["List-Unsubscribe"] == "One-Click" ? OptOutSource.OneClick : OptOutSource.Link;
        await optOuts.OptOutAsync(claim.Contact, claim.Enrollment, source, Actor.Contact, cancel);
        return UnsubscribePage.Done();
    }
}
