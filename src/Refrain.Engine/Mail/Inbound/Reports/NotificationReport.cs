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
        return Parse(text.AsSpan(start)) is { } root ? Of(root) : null;
    }

    private static JsonElement? Parse(ReadOnlySpan<char> text)
    {
        var end = text.LastIndexOf('}');
        if (end < 0) return null;

        // Line feeds within strings come from the mail, not from the writer of the JSON.
        var json = text[..(end + 1)].ToString().ReplaceLineEndings("").AsSpan();
        try
        {
            var root = JsonDocument.Parse(json.ToString()).RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("Message", out var inner) && inner.ValueKind == JsonValueKind.String
                ? JsonDocument.Parse(inner.GetString()!).RootElement : root;
        }
        catch (JsonException)
        {
            return null;
        }
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
        var fates = new List<FailedRecipient>();
        foreach (var recipient in Items(bounce, "bouncedRecipients"))
        {
            var diagnostic = Text(recipient, "diagnosticCode");
            var judged = BounceTable.Judge(Text(recipient, "status"), Folding.Fold(diagnostic ?? ""), "");
            var temporary = Text(bounce, "bounceType") == "Transient";
            fates.Add(new(Text(recipient, "emailAddress") ?? "", Text(recipient, "action") ?? "failed", judged.Status, temporary ? InboundClass.SoftBounce : judged.Class, judged.Cause, diagnostic));
        }

        return ReportVerdict.Of("notification.bounce", fates, Original(root), null);
    }

    private static InboundVerdict Complaint(JsonElement root, JsonElement complaint) => new(InboundClass.Complaint, "notification.complaint")
    {
        Recipients = [.. Items(complaint, "complainedRecipients").Select(recipient => new FailedRecipient(Text(recipient, "emailAddress") ?? "", null, null, InboundClass.Complaint, null, null))],
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

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
}
