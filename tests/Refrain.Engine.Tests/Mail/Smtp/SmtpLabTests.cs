using Refrain.Core.Sending;
using Refrain.Engine.Mail;
using Refrain.Engine.Mail.Smtp;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Mail.Smtp;

/// <summary>Against Postfix.</summary>
public sealed class SmtpLabTests : IAsyncDisposable
{
    private static readonly MailLab Lab = MailLab.Current;
    private readonly SmtpMailSender sender = new(TimeProvider.System);
    private readonly string user = MailLab.FreshSender();
    private readonly MailboxAccount account;

    public SmtpLabTests() => account = LabAccounts.For(user);

    public ValueTask DisposeAsync() => sender.DisposeAsync();

    [Theory]
    [InlineData(ConnectionSecurity.StartTls)]
    [InlineData(ConnectionSecurity.Tls)]
    [InlineData(ConnectionSecurity.None)]
    public async Task an_email_arrives_whatever_the_security(ConnectionSecurity security)
    {
        var port = security switch
        {
            ConnectionSecurity.StartTls => Lab.Submission,
            ConnectionSecurity.Tls => Lab.Submissions,
            ConnectionSecurity.None => Lab.Smtp,
        };
        var email = EmailTo(MailLab.Fresh("lead"));

        (await SendAsync(account with { Smtp = account.Smtp with { Port = port, Security = security } }, email)).ShouldBeOfType<SendOutcome.Accepted>();

        var arrived = await Lab.WaitForMailAsync(email.ToAddress);
        arrived.MessageId.ShouldBe(email.MessageIdHeader);
        arrived.Subject.ShouldBe(email.Subject);
        arrived.TextBody.ShouldNotBeNull().TrimEnd().ReplaceLineEndings("\n").ShouldBe(email.Text);
    }

    [Fact]
    public async Task many_go_out_at_once_over_a_few_connections_and_each_arrives_once()
    {
        var lead = MailLab.Fresh("lead");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SendAsync(account, EmailTo(lead))));

        outcomes.ShouldAllBe(outcome => outcome is SendOutcome.Accepted);
        (await WaitForAllAsync(lead, 40)).Count.ShouldBe(40);
    }

    [Theory]
    [InlineData("refused", RefusalScope.Address)]
    [InlineData("spammy", RefusalScope.Sender)]
    public async Task what_the_provider_refuses_does_not_hurt_the_next(string prefix, RefusalScope scope)
    {
        (await SendAsync(account, EmailTo(MailLab.Fresh(prefix)))).ShouldBeOfType<SendOutcome.Refused>().Scope.ShouldBe(scope);
        (await SendAsync(account, EmailTo(MailLab.Fresh("deferred")))).ShouldBeOfType<SendOutcome.Deferred>();
        (await SendAsync(account, EmailTo(MailLab.Fresh("lead")))).ShouldBeOfType<SendOutcome.Accepted>();
    }

    [Fact]
    public async Task a_stopped_email_does_not_arrive_and_the_next_does()
    {
        var lead = MailLab.Fresh("lead");
        var (stopped, sent) = (EmailTo(lead), EmailTo(lead));

        (await sender.SendAsync(account, stopped, () => false, CancellationToken.None)).ShouldBe(new SendOutcome.Stopped());
        await SendAsync(account, sent);

        (await Lab.WaitForMailAsync(lead)).MessageId.ShouldBe(sent.MessageIdHeader);
        (await Lab.InboxOfAsync(lead)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_wrong_password_makes_the_mailbox_unusable()
    {
        var wrong = account with { Smtp = account.Smtp with { Secret = "wrong" } };

        (await SendAsync(wrong, EmailTo("lead@acme.test"))).ShouldBeOfType<SendOutcome.MailboxUnusable>().Answer.ShouldStartWith("535 5.7.8");
        (await sender.CheckAsync(wrong, CancellationToken.None)).ShouldNotBeNull();
        (await sender.CheckAsync(account, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task a_certificate_that_nobody_vouches_for_makes_the_mailbox_unusable()
    {
        var strict = account with { AllowInvalidCertificate = false };

        (await SendAsync(strict, EmailTo("lead@acme.test"))).ShouldBeOfType<SendOutcome.MailboxUnusable>().Answer.ShouldContain("certificate");
    }

    private Task<SendOutcome> SendAsync(MailboxAccount from, OutgoingEmail email) => sender.SendAsync(from, email, () => true, CancellationToken.None);

    private OutgoingEmail EmailTo(string lead) => MailSamples.Email with { MessageIdHeader = $"{Guid.CreateVersion7():n}@ours.test", FromAddress = user, ToAddress = lead };

    private static async Task<IReadOnlyList<string?>> WaitForAllAsync(string lead, int count)
    {
        var seen = new HashSet<string?>();
        await Lab.WaitForMailAsync(lead, message => { seen.Add(message.MessageId); return seen.Count == count; });
        return [.. (await Lab.InboxOfAsync(lead)).Select(message => message.MessageId)];
    }
}
