using Refrain.Core.Sending;

namespace Refrain.Engine.Tests.Mail.Smtp;

/// <summary>The moment before DATA. The transcripts fail a client that says DATA where RSET stands.</summary>
public sealed class LastCheckTests
{
    [Theory]
    [InlineData("stopped")]
    [InlineData("pipelining-stopped")]
    public async Task a_no_keeps_the_content_from_the_server_and_the_connection_for_the_next(string transcript)
    {
        await using var conversation = new SmtpConversation(transcript);

        (await conversation.SendAsync(check: false)).ShouldBe(new SendOutcome.Stopped());
        conversation.Server.Heard.ShouldNotContain("DATA");
        (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.Accepted>();

        conversation.Checks.ShouldBe(2);
        await conversation.EndAsync();
    }

    [Fact]
    public async Task a_stop_that_comes_while_the_server_thinks_about_the_recipient_wins()
    {
        await using var conversation = new SmtpConversation("tarpit");
        var stopped = false;

        var sending = conversation.SendAsync(() => !Volatile.Read(ref stopped));
        await conversation.Server.Held;
        conversation.Checks.ShouldBe(0);
        Volatile.Write(ref stopped, true);
        conversation.Server.GoOn();

        (await sending).ShouldBe(new SendOutcome.Stopped());
        await conversation.EndAsync();
        conversation.Server.Heard.ShouldNotContain("DATA");
    }

    [Theory]
    [InlineData("accepted", 1)]
    [InlineData("pipelining", 1)]
    [InlineData("address-refused", 0)]
    [InlineData("greylisted", 0)]
    [InlineData("sender-refused", 0)]
    [InlineData("pipelining-sender-refused", 0)]
    [InlineData("policy-at-the-dot", 1)]
    public async Task it_is_asked_once_after_the_recipient_was_accepted_and_otherwise_not_at_all(string transcript, int times)
    {
        await using var conversation = new SmtpConversation(transcript);

        await conversation.SendAsync();

        conversation.Checks.ShouldBe(times);
        await conversation.EndAsync();
    }

    [Fact]
    public async Task when_it_cannot_be_answered_nothing_is_handed_over_and_the_caller_hears_why()
    {
        await using var conversation = new SmtpConversation("stopped");

        var failure = await Should.ThrowAsync<IOException>(() => conversation.SendAsync(() => throw new IOException("the database is away")));

        failure.Message.ShouldBe("the database is away");
        (await conversation.SendAsync()).ShouldBeOfType<SendOutcome.Accepted>();
        await conversation.EndAsync();
    }
}
