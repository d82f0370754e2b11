using System.Net;
using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class OptOutTests(Stages stages)
{
    private static readonly MailLab Lab = MailLab.Current;

    [Theory, OnEveryDatabase]
    public async Task a_look_at_the_link_changes_nothing_and_its_button_ends_all_sequences_for_ever(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var (first, second) = (await OpenSequenceAsync(client, "Intro"), await OpenSequenceAsync(client, "News"));
        var (here, there) = (await client.EnrollOneAsync(first, mailbox, lead), await client.EnrollOneAsync(second, mailbox, lead));
        var link = UnsubscribeLink.In(await Lab.WaitForMailAsync(lead, mail => mail.Subject == "Intro"));
        await client.WaitForAsync(here, run => run.Step == 2, "the second step");
        await client.WaitForAsync(there, run => run.Step == 2, "the second step");

        (await VisitAsync(HttpMethod.Get, link)).ShouldContain("<form");
        (await client.EnrollmentAsync(here)).State.ShouldBe("active");

        await VisitAsync(HttpMethod.Post, link);
        (await client.EnrollmentAsync(here)).State.ShouldBe("unsubscribed");
        (await client.EnrollmentAsync(there)).State.ShouldBe("unsubscribed");
        (await client.SuppressionOfAsync(lead)).ShouldNotBeNull().Reason.ShouldBe(SuppressionReason.OptedOut);
        await VisitAsync(HttpMethod.Post, link);
        var later = await client.EnrollmentAsync(await client.EnrollOneAsync(first, mailbox, lead));
        (later.State, later.Rejected, later.NextAt).ShouldBe(("finished_opt_out", true, null));
        (await Lab.InboxOfAsync(lead)).Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task a_link_that_nobody_made_is_answered_without_a_failure(DatabaseKind kind)
    {
        var (_, server, _) = await stages.OnAsync(kind);
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri(server.Url, "u/made-up"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, OnEveryDatabase]
    public async Task one_who_asks_in_a_reply_to_be_left_alone_is(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var enrollment = await client.EnrollOneAsync(await OpenSequenceAsync(client, "Intro"), mailbox, lead);

        await Lab.ReplyAsAsync(lead, "Please unsubscribe me.");

        await client.WaitForAsync(enrollment, "unsubscribed");
    }

    private static Task<string> OpenSequenceAsync(RefrainClient client, string subject) => client.PublishAsync(
        Settings.Sequence(Settings.Email(subject), Settings.Email("More", after: Settings.Tomorrow)) with { Settings = new() { OneAtATime = false } });

    private static async Task<string> VisitAsync(HttpMethod method, Uri link)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, link);
        if (method == HttpMethod.Post) request.Content = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }
}
