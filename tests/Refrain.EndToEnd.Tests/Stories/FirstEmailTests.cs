using MimeKit;
using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class FirstEmailTests(Stages stages)
{
    private static readonly MailLab Lab = MailLab.Current;

    [Theory, OnEveryDatabase]
    public async Task the_first_email_arrives_as_text_and_html_with_a_way_out(DatabaseKind kind)
    {
        var (_, server, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var contact = await client.PostAsync<Created>("contacts", new ContactDetails(lead, FirstName: "Zoë", Company: "Acme & Söhne"));
        var sequence = await client.PublishAsync(Settings.Sequence(
            new SequenceStep { Kind = StepKind.Email, Subject = "A word, {{ contact.first_name }}", Text = "Hello {{ contact.first_name }} of {{ contact.company }},\n\na word?" }));

        var enrolled = await client.PostAsync<Enrolled>($"sequences/{sequence}/enrollments", new Enroll(ContactIds: [contact.Id], MailboxId: mailbox.Id));

        enrolled.ByState.ShouldBe(new Dictionary<string, int> { ["active"] = 1 });
        var mail = await Lab.WaitForMailAsync(lead);
        mail.Subject.ShouldBe("A word, Zoë");
        mail.From.Mailboxes.ShouldHaveSingleItem().Address.ShouldBe(mailbox.Address);
        mail.Body.ShouldBeOfType<MultipartAlternative>().Count.ShouldBe(2);
        mail.TextBody.ShouldNotBeNull().ShouldContain("Hello Zoë of Acme & Söhne,");
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("Acme &amp; S");
        UnsubscribeLink.In(mail).GetLeftPart(UriPartial.Authority).ShouldBe(server.Url.GetLeftPart(UriPartial.Authority));
        mail.HtmlBody.ShouldContain(UnsubscribeLink.In(mail).ToString());
        mail.Headers.Select(header => header.Id).ShouldNotContain(HeaderId.ListUnsubscribe);
        await client.WaitForAsync(enrolled.EnrollmentIds[0], "finished_no_reply");
    }

    [Theory, OnEveryDatabase]
    public async Task a_missing_value_fails_the_run_before_anything_is_sent_and_names_the_field(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("For {{ contact.first_name }}")));

        var enrollment = await client.EnrollOneAsync(sequence, mailbox, lead);

        var failed = await client.WaitForAsync(enrollment, "failed");
        failed.ReasonCode.ShouldBe("missing_field");
        failed.Reason.ShouldContain("first_name");
        (await Lab.InboxOfAsync(lead)).ShouldBeEmpty();
    }
}
