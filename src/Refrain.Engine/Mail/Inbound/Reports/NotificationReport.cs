using System.Text.Json;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>Bounces and complaints that Amazon SES publishes as JSON by way of a notification mail.</summary>
internal static class NotificationReport
{
    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (!mail.Header("From").Contains("amazon", StringComparison.Ordinal)) return null;
        var text = mail.Text;
        var start = text.IndexOf('{');
        if (start < 0 || !text.Contains("notificationType", StringComparison.Ordinal)) return null;
        try
        {
            return Parse(text.AsSpan(start)) is { } root ? Of(root) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape, is JSON and no text.
            return null;
        }
    }

    private static JsonElement? Parse(ReadOnlySpan<char> text)
    {
        var end = text.LastIndexOf('}');
        if (end < 0) return null;

        // Line feeds within strings come from the mail, not from the writer of the JSON.
        var root = JsonDocument.Parse(text[..(end + 1)].ToString().ReplaceLineEndings("")).RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("Message", out var inner) && inner.ValueKind == JsonValueKind.String
            ? JsonDocument.Parse(inner.GetString()!).RootElement : root;
    }

    private static InboundVerdict? Of(JsonElement root) => Text(root, "notificationType") switch
    {
        "Bounce" when Object(root, "bounce") is { } bounce => Bounce(root, bounce),
        "Complaint" when Object(root, "complaint") is { } complaint => Complaint(root, complaint),
        "Delivery" => new InboundVerdict(InboundClass.Other, "notification.delivered"),
        _ => null,
    };

    private static InboundVerdict Bounce(JsonElement root, JsonElement bounce)
    {
        var temporary = Text(bounce, "bounceType") == "Transient";
        var fates = Recipients(bounce, "bouncedRecipients").Select(named => Fate(named.Address, named.Recipient, temporary)).ToList();
        return ReportVerdict.Of("notification.bounce", fates, Original(root), null);
    }

    private static FailedRecipient Fate(string address, JsonElement recipient, bool temporary)
    {
        var diagnostic = Text(recipient, "diagnosticCode");
        var status = StatusCodes.EnhancedIn(Text(recipient, "status")) is [var code, ..] ? code : null;
        var judged = BounceTable.Judge(status, Folding.Fold(diagnostic ?? ""), "");
        return new(address, Text(recipient, "action") ?? "failed", judged.Status, temporary ? InboundClass.SoftBounce : judged.Class, judged.Cause, diagnostic);
    }

    private static InboundVerdict Complaint(JsonElement root, JsonElement complaint) => new(InboundClass.Complaint, "notification.complaint")
    {
        Recipients = [.. Recipients(complaint, "complainedRecipients").Select(named => new FailedRecipient(named.Address, null, null, InboundClass.Complaint, null, null))],
        OriginalMessageId = Original(root).MessageId,
    };

    private static OriginalMessage Original(JsonElement root)
    {
        if (Object(root, "mail") is not { } mail) return OriginalMessage.Unknown;
        var id = Object(mail, "commonHeaders") is { } headers ? Text(headers, "messageId") : null;
        id ??= Items(mail, "headers").Where(header => "Message-ID".Equals(Text(header, "name"), StringComparison.OrdinalIgnoreCase)).Select(header => Text(header, "value")).FirstOrDefault();
        return OriginalMessage.Unknown with { MessageId = OriginalMessage.IdIn(id) };
    }

    private static JsonElement? Object(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<(string Address, JsonElement Recipient)> Recipients(JsonElement element, string name) =>
        Items(element, name).Select(recipient => (Address: Text(recipient, "emailAddress") ?? "", Recipient: recipient))
            .DistinctBy(named => named.Address, StringComparer.OrdinalIgnoreCase).Take(ReportVerdict.MostRecipients);

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
}
