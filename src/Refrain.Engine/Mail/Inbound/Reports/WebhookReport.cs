using System.Collections.Frozen;
using System.Text.Json;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>
/// One event of a sending service (Postmark, SendGrid, Mailgun, SparkPost, Mandrill, Brevo, Mailjet, Resend …) that somebody
/// has sent to himself as mail. They name their fields differently and mean the same; of several events at once none is read.
/// </summary>
internal static class WebhookReport
{
    private const int MostFields = 300;
    private const int DeepestLevel = 12;
    private static readonly PhraseFile File = PhraseFile.Read("webhooks");
    private static readonly FrozenSet<string> Events = Names("event field");
    private static readonly FrozenSet<string> Recipients = Names("recipient field");
    private static readonly FrozenSet<string> Ids = Names("message id field");
    private static readonly FrozenSet<string> Codes = Names("status field");
    private static readonly FrozenSet<string> Words = Names("diagnostic field");
    private static readonly FrozenSet<string> Failures = Names("failed");
    private static readonly FrozenSet<string> Hard = Names("hard");
    private static readonly FrozenSet<string> Soft = Names("soft");
    private static readonly FrozenSet<string> Waiting = Names("delayed");
    private static readonly FrozenSet<string> Complaints = Names("complaint");

    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (mail.Answers) return null;
        var text = mail.Text.AsSpan().Trim();
        if (text.Length == 0 || text[0] is not ('{' or '[')) return null;
        var end = text.LastIndexOfAny('}', ']');
        return end > 0 && FieldsOf(text[..(end + 1)].ToString().ReplaceLineEndings("")) is { Count: > 0 } fields ? Of(fields) : null;
    }

    private static InboundVerdict? Of(List<HeaderField> fields)
    {
        var happened = Values(fields, Events).Select(value => value.ToLowerInvariant()).ToList();
        var address = Values(fields, Recipients).Select(value => Addresses.First(value)).FirstOrDefault(found => found is not null);
        if (address is null) return null;
        var original = OriginalMessage.Unknown with { MessageId = Values(fields, Ids).Select(value => OriginalMessage.IdIn(value)).FirstOrDefault(id => id is not null) };
        if (happened.Exists(Complaints.Contains)) return ReportVerdict.Of("webhook.complaint", [new(address, null, null, InboundClass.Complaint, null, null)], original, null) with { Class = InboundClass.Complaint };
        if (!happened.Exists(word => Failures.Contains(word) || Hard.Contains(word) || Soft.Contains(word) || Waiting.Contains(word))) return null;
        var fate = Fate(address, fields, happened);
        var ofMail = original.MessageId is not null || happened.Exists(word => word.Contains("bounce", StringComparison.Ordinal)) || StatusCodes.ReplyIn(fate.Diagnostic) is not null;
        return ofMail ? ReportVerdict.Of("webhook.bounce", [fate], original, null) : null;
    }

    // What the service calls it counts where the refusing server's own words say nothing; never for more than they allow.
    private static FailedRecipient Fate(string address, List<HeaderField> fields, List<string> happened)
    {
        var diagnostic = string.Join("\n", Values(fields, Words));
        var status = Values(fields, Codes).SelectMany(value => StatusCodes.EnhancedIn(value)).FirstOrDefault();
        var judged = BounceTable.Judge(status, Folding.Fold(diagnostic), "");
        var kind = happened.Exists(Waiting.Contains) ? InboundClass.Delayed
            : happened.Exists(Soft.Contains) ? InboundClass.SoftBounce
            : judged.Cause is null && happened.Exists(Hard.Contains) ? InboundClass.HardBounce : judged.Class;
        return new(address, kind == InboundClass.Delayed ? "delayed" : "failed", judged.Status, kind, judged.Cause ?? (kind == InboundClass.HardBounce ? BounceCause.Address : null), diagnostic.Length > 0 ? diagnostic : null);
    }

    private static IEnumerable<string> Values(List<HeaderField> fields, FrozenSet<string> names) => fields.Where(field => names.Contains(field.Name)).Select(field => field.Value);

    private static List<HeaderField>? FieldsOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var fields = new List<HeaderField>();
            return Single(document.RootElement) is { } root && Collect("", root, fields, 0) ? fields : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair, written as an escape, is JSON and no text.
        }
    }

    private static JsonElement? Single(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Object => root,
        JsonValueKind.Array when root.GetArrayLength() == 1 => root[0],
        _ => null,
    };

    private static bool Collect(string name, JsonElement element, List<HeaderField> fields, int depth)
    {
        if (depth > DeepestLevel || fields.Count >= MostFields) return false;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (!Collect(property.Name.ToLowerInvariant(), property.Value, fields, depth + 1)) return false;
                }

                return true;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    if (!Collect(name, item, fields, depth + 1)) return false;
                }

                return true;
            case JsonValueKind.String:
                fields.Add(new HeaderField(name, element.GetString()!));
                return true;
            default:
                return true;
        }
    }

    private static FrozenSet<string> Names(string section) => File[section].ToFrozenSet(StringComparer.Ordinal);
}
