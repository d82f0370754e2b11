using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Reports;

namespace Refrain.Engine.Tests.Mail.Inbound;

public sealed class BounceTableTests
{
    [Theory]
    [InlineData("5.1.1", "550 5.1.1 user unknown", InboundClass.HardBounce, BounceCause.Address)]
    [InlineData("5.1.1", "552 5.2.2 over quota", InboundClass.SoftBounce, BounceCause.Mailbox)]
    [InlineData("5.1.0", "550 5.1.0 sender rejected", InboundClass.SoftBounce, BounceCause.Sender)]
    [InlineData("5.7.1", "550 5.7.1 no such user here", InboundClass.HardBounce, BounceCause.Address)]
    [InlineData("5.7.26", "550 5.7.26 unauthenticated email is not accepted", InboundClass.SoftBounce, BounceCause.Sender)]
    [InlineData("5.4.1", "550 5.4.1 recipient address rejected: access denied", InboundClass.HardBounce, BounceCause.Address)]
    [InlineData("5.7.1", "554 5.7.1 recipient address rejected: access denied", InboundClass.SoftBounce, BounceCause.Sender)]
    [InlineData("5.3.4", "", InboundClass.SoftBounce, BounceCause.Message)]
    [InlineData("5.1.2", "", InboundClass.HardBounce, BounceCause.Address)]
    [InlineData("5.2.1", "", InboundClass.HardBounce, BounceCause.Address)]
    [InlineData("4.4.7", "", InboundClass.SoftBounce, BounceCause.Network)]
    [InlineData("4.1.1", "450 4.1.1 user unknown", InboundClass.SoftBounce, BounceCause.Address)]
    [InlineData(null, "550 mailbox unavailable", InboundClass.HardBounce, BounceCause.Address)]
    [InlineData("5.1.90", "", InboundClass.SoftBounce, BounceCause.Sender)]
    [InlineData(null, "you've reached your daily limit for message recipients", InboundClass.SoftBounce, BounceCause.Sender)]
    [InlineData("5.5.0", "550 5.5.0 service refused. account is inactive", InboundClass.HardBounce, BounceCause.Address)]
    [InlineData(null, "550 das postfach hat sein tageslimit erreicht", InboundClass.SoftBounce, BounceCause.Sender)]
    [InlineData(null, "421 try later", InboundClass.SoftBounce, BounceCause.Network)]
    [InlineData(null, "", InboundClass.SoftBounce, null)]
    public void words_and_codes_decide_together(string? status, string diagnostic, InboundClass expected, BounceCause? cause)
    {
        var judged = BounceTable.Judge(status, diagnostic, "");

        judged.Class.ShouldBe(expected, judged.Rule);
        judged.Cause.ShouldBe(cause);
    }

    [Theory]
    [InlineData("host mx[192.0.2.1] said: 550 5.1.1 no", "5.1.1")]
    [InlineData("at 192.0.2.5.1.1 or 5.1.1.2 or v5.1.1", null)]
    [InlineData("(#5.4.4)", "5.4.4")]
    [InlineData("5.4.312 expired.", "5.4.312")]
    public void enhanced_codes_are_told_from_other_numbers(string text, string? code) =>
        StatusCodes.EnhancedIn(text).SingleOrDefault().ShouldBe(code);
}
