using System.Globalization;
using System.Text;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound;

namespace Refrain.Engine.Tests.Mail.Inbound;

public sealed class DeliveryReportTests
{
    [Fact]
    public void an_address_that_several_groups_are_about_has_one_fate()
    {
        var verdict = Report("words", "Final-Recipient: rfc822; lee@fir.test\nAction: failed\nStatus: 5.1.1\n", "Final-Recipient: rfc822; LEE@fir.test\nAction: failed\nStatus: 4.2.2\n");

        verdict.Recipients.ShouldHaveSingleItem().Status.ShouldBe("5.1.1");
        verdict.Class.ShouldBe(InboundClass.HardBounce);
    }

    [Fact]
    public void an_address_that_was_reached_once_and_failed_once_failed()
    {
        var verdict = Report("words", "Final-Recipient: rfc822; lee@fir.test\nAction: relayed\nStatus: 2.0.0\n", "Final-Recipient: rfc822; lee@fir.test\nAction: failed\nStatus: 5.1.1\n");

        verdict.Recipients.ShouldHaveSingleItem().Class.ShouldBe(InboundClass.HardBounce);
    }

    [Fact]
    public void what_was_only_delivered_is_a_receipt() =>
        Report("words", "Final-Recipient: rfc822; lee@fir.test\nAction: delivered\nStatus: 2.0.0\n").Class.ShouldBe(InboundClass.Receipt);

    [Fact]
    public void groups_without_an_address_are_about_those_whom_the_words_name_each_of_them_once()
    {
        var verdict = Report("It did not reach\n<lee@fir.test>\n<ada@fir.test>\n", "Action: failed\nStatus: 5.1.1\n", "Action: failed\nStatus: 5.1.1\n");

        verdict.Recipients.Select(recipient => recipient.Address).ShouldBe(["lee@fir.test", "ada@fir.test"]);
    }

    [Fact]
    public void the_words_about_one_address_end_where_another_opens_a_line()
    {
        var verdict = Report(
            "<lee@fir.test>: no such user here\n<ada@fir.test>: mailbox full\n", "Final-Recipient: rfc822; lee@fir.test\nAction: failed\n", "Final-Recipient: rfc822; ada@fir.test\nAction: failed\n");

        verdict.Recipients.Select(recipient => (recipient.Address, recipient.Cause)).ShouldBe([("lee@fir.test", BounceCause.Address), ("ada@fir.test", BounceCause.Mailbox)]);
    }

    [Fact]
    public void a_report_names_no_more_than_two_hundred()
    {
        var groups = Enumerable.Range(0, 450).Select(index => string.Create(CultureInfo.InvariantCulture, $"Final-Recipient: rfc822; u{index % 300}@fir.test\nAction: failed\nStatus: 5.1.1\n"));

        Report("words", [.. groups]).Recipients.Select(recipient => recipient.Address).Distinct().Count().ShouldBe(200);
    }

    private static InboundVerdict Report(string words, params string[] groups) => Classifier.Classify(new MemoryStream(Encoding.UTF8.GetBytes(
        "From: MAILER-DAEMON@fir.test\nTo: sam@acme.test\nSubject: Undelivered Mail\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        + "--b\nContent-Type: text/plain\n\n" + words + "\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.test\n\n" + string.Join("\n", groups) + "\n--b--\n")));
}
