using CsCheck;
using Refrain.Core.Sending;
using Refrain.Engine.Mail.Smtp;

namespace Refrain.Engine.Tests.Mail.Smtp;

public sealed class RefusalWordsTests
{
    [Theory]
    [InlineData(550, "5.1.1 User unknown", RefusalScope.Address)]
    [InlineData(550, "5.1.2 Bad destination system", RefusalScope.Address)]
    [InlineData(553, "5.1.3 Bad address syntax", RefusalScope.Address)]
    [InlineData(551, "5.1.6 User has moved", RefusalScope.Address)]
    [InlineData(550, "5.1.10 RESOLVER.ADR.RecipientNotFound", RefusalScope.Address)]
    [InlineData(550, "5.2.1 The email account is disabled", RefusalScope.Address)]
    [InlineData(550, "#5.1.0 Address rejected.", RefusalScope.Address)]
    [InlineData(550, "[5.1.1] nobody here", RefusalScope.Address)]
    [InlineData(550, "No such user here", RefusalScope.Address)]
    [InlineData(550, "5.4.1 Recipient address rejected: Access denied.", RefusalScope.Address)]
    [InlineData(550, "Requested action not taken: mailbox unavailable", RefusalScope.Address)]
    [InlineData(550, "5.7.1 Message rejected due to content policy", RefusalScope.Sender)]
    [InlineData(550, "5.7.26 Unauthenticated email is not accepted due to DMARC policy", RefusalScope.Sender)]
    [InlineData(553, "5.1.8 Sender address rejected: Domain not found", RefusalScope.Sender)]
    [InlineData(554, "Service unavailable; Client host blocked using zen.example.test", RefusalScope.Sender)]
    [InlineData(550, "relay not permitted", RefusalScope.Sender)]
    [InlineData(552, "5.2.2 Mailbox full", RefusalScope.Delivery)]
    [InlineData(552, "5.3.4 Message too big", RefusalScope.Delivery)]
    [InlineData(554, "5.4.6 Routing loop", RefusalScope.Delivery)]
    [InlineData(550, "The user's mailbox is full", RefusalScope.Delivery)]
    [InlineData(554, "Transaction failed", RefusalScope.Delivery)]
    [InlineData(550, "4.1.1 a code of another class says nothing", RefusalScope.Delivery)]
    public void the_code_decides_and_without_one_the_words(int reply, string text, RefusalScope scope) => RefusalWords.Scope(reply, text).ShouldBe(scope);

    [Theory]
    [InlineData(nameof(SmtpStage.MailFrom), 550, "5.1.1 Unknown", RefusalScope.Sender)]
    [InlineData(nameof(SmtpStage.MailFrom), 552, "5.3.4 Message size exceeds fixed limit", RefusalScope.Delivery)]
    [InlineData(nameof(SmtpStage.Content), 550, "5.1.1 User unknown", RefusalScope.Address)]
    public void what_is_said_of_the_sender_is_about_the_sender(string stage, int reply, string text, RefusalScope scope) =>
        SmtpReplies.Outcome(Enum.Parse<SmtpStage>(stage), reply, text, Server).ShouldBe(new SendOutcome.Refused(scope, $"{reply} {text}"));

    [Fact]
    public void any_reply_at_any_stage_has_an_outcome_that_fits_its_first_digit() =>
        Gen.Select(Gen.Enum<SmtpStage>(), Gen.Int[200, 599], Gen.String).Sample((stage, reply, text) =>
        {
            var outcome = SmtpReplies.Outcome(stage, reply, text, Server);
            var fits = (reply / 100, stage) switch
            {
                (5, _) => outcome is SendOutcome.Refused or SendOutcome.MailboxUnusable,
                (4, _) => outcome is SendOutcome.Deferred,
                (2, SmtpStage.Content) => outcome is SendOutcome.Accepted,
                (_, SmtpStage.Content) => outcome is SendOutcome.Unknown,
                _ => outcome is SendOutcome.Deferred,
            };
            fits.ShouldBeTrue($"{reply} at {stage} gave {outcome}");
        });

    private static Refrain.Engine.Mail.MailServer Server => MailSamples.AccountAt(25).Smtp;
}
