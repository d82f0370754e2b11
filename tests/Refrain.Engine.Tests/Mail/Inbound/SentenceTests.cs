using Refrain.Core.Inbound;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Mail.Inbound;

/// <summary>Sentences of eighteen languages in <c>Sentences/</c>: what asks for no more mail, what only sounds so, and what servers say when they refuse.</summary>
public sealed class SentenceTests
{
    public static TheoryData<string> Requests => [.. Lines("unsubscribe.txt")];

    public static TheoryData<string> Replies => [.. Lines("reply.txt")];

    public static TheoryData<string, string> Refusals
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var line in Lines("refusals.tsv").Select(line => line.Split('\t'))) data.Add(line[0], line[1]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void a_reply_that_asks_for_no_more_mail_is_a_request(string text) => Mails.Answer(Unescaped(text)).Class.ShouldBe(InboundClass.Unsubscribe);

    [Theory]
    [MemberData(nameof(Replies))]
    public void a_reply_that_only_sounds_alike_is_none(string text)
    {
        var verdict = Mails.Answer(Unescaped(text));

        verdict.Class.ShouldBe(InboundClass.Reply, verdict.Rule);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void the_words_of_a_server_tell_hard_from_soft(string name, string said)
    {
        var verdict = Mails.Read(
            $"From: MAILER-DAEMON@mx.fir.test\nTo: sam@acme.test\nSubject: Undelivered Mail Returned to Sender\nDate: {Mails.Sent}",
            $"Your message could not be delivered.\n\n<rita@fir.test>: host mx.fir.test[192.0.2.77] said: {said}");

        verdict.Class.WireName().ShouldBe(name, verdict.Rule);
    }

    internal static string Unescaped(string line) => line.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(SolutionFolder.Path, "tests", "Refrain.Engine.Tests", "Mail", "Inbound", "Sentences", file)).Where(line => !line.StartsWith('#'));
}
