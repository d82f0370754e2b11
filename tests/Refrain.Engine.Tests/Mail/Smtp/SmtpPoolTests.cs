using Refrain.Core.Sending;

namespace Refrain.Engine.Tests.Mail.Smtp;

/// <summary>A connection is used again; the transcripts say when it is not.</summary>
public sealed class SmtpPoolTests
{
    [Theory]
    [InlineData("dead-when-used-again")]
    [InlineData("closing-when-used-again")]
    public async Task a_connection_that_died_while_it_rested_is_replaced_without_anybody_noticing(string transcript)
    {
        await using var conversation = new SmtpConversation(transcript);

        (await conversation.SendAsync()).ShouldBe(new SendOutcome.Accepted("250 2.0.0 Ok: first"));
        (await conversation.SendAsync()).ShouldBe(new SendOutcome.Accepted("250 2.0.0 Ok: second"));

        conversation.Checks.ShouldBe(2);
        await conversation.EndAsync();
    }

    [Fact]
    public async Task after_a_rest_the_server_is_asked_first()
    {
        await using var conversation = new SmtpConversation("rested");

        await conversation.SendAsync();
        conversation.Time.Advance(TimeSpan.FromSeconds(11));
        (await conversation.SendAsync()).ShouldBe(new SendOutcome.Accepted("250 2.0.0 Ok: second"));

        await conversation.EndAsync();
    }

    [Fact]
    public async Task new_settings_close_the_old_connection()
    {
        await using var conversation = new SmtpConversation("new-settings");

        await conversation.SendAsync();
        conversation.Account = conversation.Account with { Revision = 2 };
        (await conversation.SendAsync()).ShouldBe(new SendOutcome.Accepted("250 2.0.0 Ok: second"));

        await conversation.EndAsync();
    }

    [Fact]
    public async Task a_connection_that_nobody_needs_is_closed_after_a_minute()
    {
        await using var conversation = new SmtpConversation("accepted");

        await conversation.SendAsync();
        conversation.Time.Advance(TimeSpan.FromMinutes(1));
        conversation.Time.Advance(TimeSpan.FromMinutes(1));

        await conversation.Server.EndAsync();
    }
}
