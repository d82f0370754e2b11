using Refrain.Engine.Mail.Templates;

namespace Refrain.Engine.Enrollments;

/// <summary>What templates are merged with.</summary>
internal static class ContactMerge
{
    public static MergeContact Of(DoorContact contact) =>
        new(contact.FirstName, contact.LastName, contact.Email, contact.Company, contact.Title, contact.Phone, contact.Fields);

    /// <summary>Which of the fields this contact lacks, by their names in templates, in the order of the alphabet.</summary>
    public static IReadOnlyList<string> Missing(DoorContact contact, IReadOnlySet<string> used)
    {
        if (used.Count == 0) return [];
        var merged = Of(contact);
        return [.. used.Where(field => string.IsNullOrWhiteSpace(ValueOf(merged, field))).Order(StringComparer.Ordinal)];
    }

    private static string? ValueOf(MergeContact contact, string field) => field switch
    {
        "contact.first_name" => contact.FirstName,
        "contact.last_name" => contact.LastName,
        "contact.email" => contact.Email,
        "contact.company" => contact.Company,
        "contact.title" => contact.Title,
        "contact.phone" => contact.Phone,
        _ when field.StartsWith("contact.fields.", StringComparison.Ordinal) => contact.Fields.GetValueOrDefault(field["contact.fields.".Length..]),
        _ => "known",
    };
}
