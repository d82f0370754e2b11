using Refrain.Core.Inbound;

namespace Refrain.Engine.Tests.Mail.Inbound;

public sealed class UnsubscribeTests
{
    [Theory]
    [InlineData("Unsubscribe")]
    [InlineData("STOP!")]
    [InlineData("Please remove me from your list.")]
    [InlineData("remove me\n\nAnn")]
    [InlineData("Bitte löschen Sie meine Daten und keine weiteren E-Mails.")]
    [InlineData("Désabonnez-moi svp")]
    [InlineData("배송 말고, 수신 거부합니다.")]
    public void a_request_to_get_no_more_mail_is_one(string text) => Mails.Answer(text).Class.ShouldBe(InboundClass.Unsubscribe);

    [Theory]
    [InlineData("Please don't unsubscribe me.")]
    [InlineData("Stop by on Tuesday.")]
    [InlineData("Not interested.")]
    [InlineData("Remove me from cc, please, and keep Bob in.")]
    [InlineData("How do you handle unsubscribe requests?")]
    [InlineData("Fine.\n\n> Unsubscribe: https://acme.test/u/1\n> Please remove me from your list")]
    [InlineData("Fine.\n\n-- \nTo unsubscribe me from Fir's news write to us")]
    public void a_human_reply_is_none(string text) => Mails.Answer(text).Class.ShouldBe(InboundClass.Reply);
}
