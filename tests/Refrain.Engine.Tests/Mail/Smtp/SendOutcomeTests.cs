using Refrain.Core.Sending;
using Refrain.Engine.Mail.Compose;

namespace Refrain.Engine.Tests.Mail.Smtp;

/// <summary>What each ending of a conversation means.</summary>
public sealed class SendOutcomeTests
{
    [Theory]
    [InlineData("accepted")]
    [InlineData("pipelining")]
    public async Task what_arrives_is_octet_for_octet_what_was_composed(string transcript)
    {
        await using var conversation = new SmtpConversation(transcript);

        (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.Accepted>().Answer.ShouldStartWith("250 2.0.0 Ok");

        await conversation.EndAsync();
        var dotStuffed = System.Text.Encoding.ASCII.GetString(MimeComposer.Octets(MailSamples.Email)).Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        conversation.Server.Content.ShouldBe(dotStuffed);
    }

    [Theory]
    [InlineData("greylisted", "451 4.7.1 Greylisted")]
    [InlineData("data-refused", "451 4.3.0 Temporary local problem")]
    [InlineData("closing-after-dot", "421 4.3.2 Service shutting down")]
    [InlineData("busy-greeting", "421 4.3.2 Too many connections")]
    [InlineData("drop-at-recipient", "")]
    [InlineData("sign-in-temporary", "454 4.7.0 Temporary authentication failure")]
    public async Task a_temporary_refusal_is_asked_again(string transcript, string words)
    {
        await using var conversation = new SmtpConversation(transcript, transcript == "sign-in-temporary" ? "ann@ours.test" : "");

        (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.Deferred>().Answer.ShouldContain(words);
        await conversation.EndAsync();
    }

    [Theory]
    [InlineData("address-refused", RefusalScope.Address, "550 5.1.1 The email account that you tried to reach does not exist.")]
    [InlineData("policy-at-the-dot", RefusalScope.Sender, "554 5.7.1 Message rejected: it looks like spam")]
    [InlineData("sender-refused", RefusalScope.Sender, "553 5.1.8 Sender address rejected: not owned by you")]
    [InlineData("pipelining-sender-refused", RefusalScope.Sender, "550 5.7.1 You are not Ann")]
    public async Task a_permanent_refusal_says_whom_it_is_about(string transcript, RefusalScope scope, string words)
    {
        await using var conversation = new SmtpConversation(transcript);

        var refused = (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.Refused>();

        refused.Scope.ShouldBe(scope);
        refused.Answer.ShouldStartWith(words);
        await conversation.EndAsync();
    }

    [Theory]
    [InlineData("drop-at-data")]
    [InlineData("drop-after-data")]
    [InlineData("drop-after-dot")]
    public async Task without_an_answer_after_data_began_the_outcome_is_unknown(string transcript)
    {
        await using var conversation = new SmtpConversation(transcript);

        (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.Unknown>();
        await conversation.EndAsync();
    }

    [Fact]
    public async Task a_server_that_says_nothing_after_the_dot_is_given_ten_minutes()
    {
        await using var conversation = new SmtpConversation("silent-after-dot");

        var sending = conversation.SendAsync();
        await conversation.Server.Held;
        conversation.Time.Advance(TimeSpan.FromMinutes(9));
        sending.IsCompleted.ShouldBeFalse();
        conversation.Time.Advance(TimeSpan.FromMinutes(2));

        (await sending).ShouldBeOfType<SendOutcome.Unknown>().Detail.ShouldContain("did not answer in time");
    }

    [Fact]
    public async Task cancelling_after_data_began_gives_up_nothing_and_waits_for_the_answer()
    {
        await using var conversation = new SmtpConversation("silent-after-dot");
        using var cancel = new CancellationTokenSource();

        var sending = conversation.SendAsync(cancel: cancel.Token);
        await conversation.Server.Held;
        await cancel.CancelAsync();
        conversation.Time.Advance(TimeSpan.FromMinutes(9));
        sending.IsCompleted.ShouldBeFalse();
        conversation.Time.Advance(TimeSpan.FromMinutes(2));

        (await sending).ShouldBeOfType<SendOutcome.Unknown>().Detail.ShouldContain("did not answer in time");
    }

    [Fact]
    public async Task whoever_cancels_during_the_last_check_has_stopped_the_message()
    {
        await using var conversation = new SmtpConversation("stopped");
        using var cancel = new CancellationTokenSource();

        var sending = conversation.SendAsync(() => { cancel.Cancel(); return true; }, cancel.Token);

        (await sending).ShouldBe(new SendOutcome.Stopped());
        conversation.Checks.ShouldBe(1);
    }

    [Fact]
    public async Task cancelling_before_data_is_a_cancellation()
    {
        await using var conversation = new SmtpConversation("tarpit");
        using var cancel = new CancellationTokenSource();

        var sending = conversation.SendAsync(cancel: cancel.Token);
        await conversation.Server.Held;
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending);
        conversation.Checks.ShouldBe(0);
    }

    [Fact]
    public async Task a_server_that_cannot_be_reached_is_asked_again()
    {
        await using var conversation = new SmtpConversation("accepted");
        conversation.Account = conversation.Account with { Smtp = conversation.Account.Smtp with { Port = 1 } };

        (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.Deferred>();
        conversation.Checks.ShouldBe(0);
    }
}
