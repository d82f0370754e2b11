using MimeKit;
using MimeKit.Text;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests;

/// <summary>The mail that the tests of the lab send, and what a delivery report (RFC 3464) says.</summary>
internal static class LabMessages
{
    public static async Task<MimeMessage> SendToAsync(this MailLab lab, string sender, string recipient, Action<MimeMessage>? change = null)
    {
        var message = new MimeMessage { Subject = "Intro", Body = new TextPart(TextFormat.Plain) { Text = "Hello,\r\na quick question?\r\n" } };
        message.From.Add(MailboxAddress.Parse(sender));
        message.To.Add(MailboxAddress.Parse(recipient));
        change?.Invoke(message);
        await lab.SendAsync(message, sender);
        return message;
    }

    public static (string? Action, string? Status, string? Recipient) Verdict(this MimeMessage report)
    {
        var recipient = report.Status()[1];
        return (recipient["Action"], recipient["Status"], recipient["Final-Recipient"]?.Split(';')[^1].Trim());
    }

    public static HeaderListCollection Status(this MimeMessage report) =>
        report.Body.ShouldBeOfType<MultipartReport>().OfType<MessageDeliveryStatus>().ShouldHaveSingleItem().StatusGroups;
}
