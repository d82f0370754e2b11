using Refrain.Core.Sending;
using Refrain.Engine.Mail;

namespace Refrain.Engine.Tests.Mail.Smtp;

public sealed class SmtpSignInTests
{
    private const string Ann = "ann@ours.test";

    [Theory]
    [InlineData("sign-in-refused", Ann, SignInMethod.Password, "535 5.7.8 Error")]
    [InlineData("sign-in-by-token", Ann, SignInMethod.OAuth2, "535 5.7.8 The token has expired")]
    [InlineData("sign-in-needed", "", SignInMethod.Password, "530 5.7.0 Authentication required")]
    [InlineData("refusing-greeting", "", SignInMethod.Password, "554 5.7.1 No mail from here")]
    [InlineData("no-starttls", Ann, SignInMethod.Password, "authentication")]
    public async Task a_mailbox_that_may_not_sign_in_is_unusable(string transcript, string user, SignInMethod signIn, string words)
    {
        await using var conversation = new SmtpConversation(transcript, user, signIn);

        var answer = (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.MailboxUnusable>().Answer;

        answer.ShouldContain(words);
        answer.ShouldNotContain(MailSamples.Secret);
        conversation.Checks.ShouldBe(0);
    }

    [Fact]
    public async Task login_is_taken_where_plain_is_not_offered()
    {
        await using var conversation = new SmtpConversation("sign-in-by-login", Ann);

        (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.Accepted>();
        await conversation.EndAsync();
    }

    [Fact]
    public async Task nothing_is_said_in_the_clear_when_starttls_is_wanted_and_not_offered()
    {
        await using var conversation = new SmtpConversation("no-starttls", Ann);
        conversation.Account = conversation.Account with { Smtp = conversation.Account.Smtp with { Security = ConnectionSecurity.StartTls } };

        (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.MailboxUnusable>();
        conversation.Server.Heard.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_check_gives_the_words_of_the_server()
    {
        await using var conversation = new SmtpConversation("sign-in-refused", Ann);

        (await conversation.CheckAsync()).ShouldBe("535 5.7.8 Error: authentication failed for …");
    }
}
