using Refrain.Contracts;
using Refrain.Core.Contacts;

namespace Refrain.Engine.Contacts;

/// <summary>What can be wrong with a contact.</summary>
internal static class ContactProblems
{
    private const int LongestName = 200;
    private const int LongestField = 10_000;
    private const int MostFields = 200;
    private const int LongestFieldName = 64;

    public static Findings Find(ContactDetails contact, out EmailAddress email)
    {
        var findings = new Findings();
        email = findings.Address("email", contact.Email);
        findings.Length("firstName", contact.FirstName, LongestName);
        findings.Length("lastName", contact.LastName, LongestName);
        findings.Length("company", contact.Company, LongestName);
        findings.Length("title", contact.Title, LongestName);
        findings.Length("phone", contact.Phone, LongestName);
        findings.Zone("timeZone", string.IsNullOrWhiteSpace(contact.TimeZone) ? null : contact.TimeZone.Trim());
        AddFields(findings, contact.Fields ?? new Dictionary<string, string>());
        return findings;
    }

    private static void AddFields(Findings findings, IReadOnlyDictionary<string, string> fields)
    {
        if (fields.Count > MostFields) findings.Add("fields", "too_many", $"There are {fields.Count} fields; allowed are {MostFields}.");
        foreach (var (name, value) in fields)
        {
            if (!IsFieldName(name))
                findings.Add($"fields.{name}", "invalid_field_name", $"\"{name}\" cannot be a field: names are letters, digits and _, and begin with a letter, so that templates can use them.");
            findings.Length($"fields.{name}", value, LongestField);
        }
    }

    private static bool IsFieldName(string name) =>
        name.Length is > 0 and <= LongestFieldName && char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
