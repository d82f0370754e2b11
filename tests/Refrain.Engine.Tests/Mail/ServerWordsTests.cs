using Refrain.Engine.Mail;

namespace Refrain.Engine.Tests.Mail;

public sealed class ServerWordsTests
{
    private static readonly MailServer Server = new("mx.test", 25, ConnectionSecurity.None, "ann", "secret");

    [Fact]
    public void what_a_server_says_is_cut_to_what_every_database_stores()
    {
        ServerWords.Of(550, "no\0body here", Server).ShouldBe("550 nobody here");
        ServerWords.Of(550, new string('x', 495) + "\ud83d\ude00", Server).ShouldEndWith("x\ufffd");
    }
}
