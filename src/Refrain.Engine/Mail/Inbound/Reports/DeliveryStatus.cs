using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>The fields of a message/delivery-status part (RFC 3464, section 2).</summary>
internal sealed record DeliveryStatus(string? EnvelopeId, string? OriginalMessageId, IReadOnlyList<DeliveryStatus.Recipient> Recipients)
{
    private const int MostRecipients = 500;

    /// <summary>One group of recipient fields. <c>Address</c> is null where the report names a file or a program instead.</summary>
    internal sealed record Recipient(string? Address, string? Action, string? Status, string StatusComment, string? Diagnostic);

    public static DeliveryStatus Parse(string text)
    {
        string? envelope = null;
        string? messageId = null;
        var recipients = new List<(Recipient Named, string? Actual)>();
        foreach (var group in HeaderFields.Groups(text).SelectMany(Apart))
        {
            envelope ??= group.Value("Original-Envelope-Id");
            messageId ??= OriginalMessage.IdIn(group.Value("X-Original-Message-ID") ?? group.Value("Original-Message-ID"));
            if (IsAboutRecipient(group) && recipients.Count < MostRecipients) recipients.Add((Read(group), AddressIn(group.Value("X-Actual-Recipient"))));
        }

        return new DeliveryStatus(string.IsNullOrEmpty(envelope) ? null : envelope, messageId, Told(recipients));
    }

    // Sendmail reports each member of an alias under the alias's name: that some of them are gone says nothing about the alias.
    private static List<Recipient> Told(List<(Recipient Named, string? Actual)> recipients)
    {
        var aliases = recipients.Where(each => each.Actual is not null)
            .GroupBy(each => each.Named.Address ?? "", each => each.Actual, StringComparer.OrdinalIgnoreCase)
            .Where(members => members.Distinct(StringComparer.OrdinalIgnoreCase).Skip(1).Any())
            .Select(members => members.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. recipients.Select(each => aliases.Contains(each.Named.Address ?? "") && each.Actual is not null ? each.Named with { Address = each.Actual } : each.Named)];
    }

    // The blank line between two recipients is sometimes missing.
    private static IEnumerable<List<HeaderField>> Apart(List<HeaderField> group)
    {
        var current = new List<HeaderField>();
        foreach (var field in group)
        {
            if (Is(field, "Final-Recipient", "Action") && current.Value(field.Name) is not null)
            {
                yield return current;
                current = [];
            }

            current.Add(field);
        }

        yield return current;
    }

    private static bool IsAboutRecipient(List<HeaderField> group) =>
        group.Value("Final-Recipient") is not null || group.Value("Action") is not null || (group.Value("Original-Recipient") is not null && group.Value("Reporting-MTA") is null);

    private static Recipient Read(List<HeaderField> group)
    {
        var status = group.Value("Status") ?? "";
        var code = StatusCodes.EnhancedIn(status) is [var first, ..] ? first : null;
        var action = group.Value("Action")?.Split([' ', ';', '('], 2)[0].ToLowerInvariant();
        return new Recipient(
            AddressIn(group.Value("Original-Recipient")) ?? AddressIn(group.Value("Final-Recipient")) ?? AddressIn(group.Value("X-Actual-Recipient")),
            string.IsNullOrEmpty(action) ? null : action,
            code,
            status,
            Diagnostic(group));
    }

    private static string? Diagnostic(List<HeaderField> group)
    {
        var lines = group.Where(field => Is(field, "Diagnostic-Code", "X-Supplementary-Info", "X-PowerMTA-BounceCategory")).Select(field => field.Value).ToList();
        return lines.Count == 0 ? null : string.Join(" ", lines);
    }

    private static string? AddressIn(string? value)
    {
        if (value is null) return null;
        var semicolon = value.IndexOf(';');
        return Addresses.First(semicolon >= 0 ? value.AsSpan(semicolon + 1) : value, dottedOnly: false);
    }

    private static bool Is(HeaderField field, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
