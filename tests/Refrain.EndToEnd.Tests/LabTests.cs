using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests;

/// <summary>The lab is a measuring instrument; here it is measured.</summary>
public sealed class LabTests
{
    private static readonly MailLab Lab = MailLab.Current;
    private readonly string sender = MailLab.FreshSender();

    [Fact]
    public async Task a_person_answers_in_the_thread()
    {
        var lead = MailLab.Fresh("lead");
        var sent = await Lab.SendToAsync(sender, lead);

        await Lab.ReplyAsAsync(lead, "Sounds good, call me on Tuesday.");

        var reply = await Lab.WaitForMailAsync(sender);
        reply.InReplyTo.ShouldBe(sent.MessageId);
        reply.References.ShouldBe([sent.MessageId!]);
        reply.TextBody.ShouldNotBeNull().ShouldContain("Tuesday");
        reply.Headers[HeaderId.AutoSubmitted].ShouldBeNull();
        (await Lab.FlagsOfInboxAsync(lead)).ShouldBe([MessageFlags.Seen | MessageFlags.Answered]);
    }

    [Fact]
    public async Task somebody_away_answers_by_machine()
    {
        var sent = await Lab.SendToAsync(sender, MailLab.Fresh("away"));

        var reply = await Lab.WaitForMailAsync(sender);

        reply.Headers[HeaderId.AutoSubmitted].ShouldStartWith("auto-replied");
        reply.InReplyTo.ShouldBe(sent.MessageId);
        reply.TextBody.ShouldNotBeNull().ShouldContain("until 4 January");
    }

    [Fact]
    public async Task an_answering_machine_is_silent_to_list_mail()
    {
        var away = MailLab.Fresh("away");
        await Lab.SendToAsync(sender, away, message => message.Headers.Add(HeaderId.ListUnsubscribe, "<http://127.0.0.1/u/x>"));
        await Lab.WaitForMailAsync(away);

        var second = await Lab.SendToAsync(sender, away);

        (await Lab.WaitForMailAsync(sender)).InReplyTo.ShouldBe(second.MessageId);
    }

    [Theory]
    [InlineData("nobody", "5.1.1")]
    [InlineData("gone", "5.1.1")]
    [InlineData("moved", "5.1.6")]
    [InlineData("disabled", "5.2.1")]
    [InlineData("policy", "5.7.1")]
    [InlineData("blocked", "5.7.1")]
    [InlineData("full", "5.2.2")]
    public async Task an_undeliverable_address_bounces_with_its_status(string prefix, string status)
    {
        var address = MailLab.Fresh(prefix);
        var sent = await Lab.SendToAsync(sender, address);

        var report = await Lab.WaitForMailAsync(sender);

        report.Verdict().ShouldBe(("failed", status, address));
        report.BodyParts.Count().ShouldBeGreaterThan(1);
        report.ToString().ShouldContain(sent.MessageId!);
    }

    [Fact]
    public async Task a_full_mailbox_bounces_late_from_another_host()
    {
        await Lab.SendToAsync(sender, MailLab.Fresh("full"));

        var report = await Lab.WaitForMailAsync(sender);

        report.Status()[0]["Reporting-MTA"].ShouldNotBeNull().ShouldContain("mx.leads.test");
    }

    [Theory]
    [InlineData("refused", SmtpStatusCode.MailboxUnavailable)]
    [InlineData("deferred", SmtpStatusCode.ErrorInProcessing)]
    [InlineData("spammy", SmtpStatusCode.TransactionFailed)]
    public async Task the_provider_itself_refuses_while_we_listen(string prefix, SmtpStatusCode code)
    {
        var refusal = await Should.ThrowAsync<SmtpCommandException>(() => Lab.SendToAsync(sender, MailLab.Fresh(prefix)));

        refusal.StatusCode.ShouldBe(code);
    }

    [Fact]
    public async Task a_user_can_be_locked_out_and_let_in_again()
    {
        await Lab.LockOutAsync(sender);
        await Should.ThrowAsync<AuthenticationException>(() => Lab.InboxOfAsync(sender));

        await Lab.LetInAsync(sender);
        (await Lab.InboxOfAsync(sender)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_copy_lies_in_the_sent_folder()
    {
        var sent = await Lab.SendToAsync(sender, MailLab.Fresh("lead"));

        await Lab.PutIntoSentAsync(sender, sent);

        (await Lab.FolderOfAsync(sender, "Sent")).ShouldHaveSingleItem().MessageId.ShouldBe(sent.MessageId);
    }

    [Fact]
    public async Task a_mail_that_does_not_come_is_an_error_that_tells_what_came()
    {
        var lead = MailLab.Fresh("lead");
        await Lab.SendToAsync(sender, lead);
        await Lab.WaitForMailAsync(lead);

        var error = await Should.ThrowAsync<TimeoutException>(
            () => Lab.WaitForMailAsync(lead, message => message.Subject == "another", TimeSpan.FromSeconds(1)));

        error.Message.ShouldContain("Intro");
    }
}
