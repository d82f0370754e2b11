using System.Text;
using Refrain.Contracts;
using Sylvan.Data.Csv;

namespace Refrain.Engine.Contacts;

/// <summary>Which column of a CSV file is what: the names that exports of other systems use, and everything else as a custom field.</summary>
internal sealed class CsvColumns
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["email"] = "email", ["emailaddress"] = "email", ["mail"] = "email",
        ["firstname"] = "firstName", ["givenname"] = "firstName",
        ["lastname"] = "lastName", ["surname"] = "lastName", ["familyname"] = "lastName",
        ["company"] = "company", ["companyname"] = "company", ["organization"] = "company", ["organisation"] = "company",
        ["title"] = "title", ["jobtitle"] = "title",
        ["phone"] = "phone", ["phonenumber"] = "phone",
        ["timezone"] = "timeZone",
    };

    private readonly List<(int Ordinal, string Name)> fields = [];
    private readonly Dictionary<string, int> members = new(StringComparer.Ordinal);

    private CsvColumns() { }

    /// <summary>Reads the header. What is wrong with it makes the whole file useless.</summary>
    public static (CsvColumns Columns, Findings Findings) Read(CsvDataReader csv)
    {
        var columns = new CsvColumns();
        var findings = new Findings();
        for (var ordinal = 0; ordinal < csv.FieldCount; ordinal++) columns.Add(ordinal, csv.GetName(ordinal), findings);
        if (!columns.members.ContainsKey("email")) findings.Add("header", "no_email_column", "The header has no column \"email\".");
        return (columns, findings);
    }

    public ContactDetails Row(CsvDataReader csv) => new(
        Cell(csv, "email") ?? "", Cell(csv, "firstName"), Cell(csv, "lastName"), Cell(csv, "company"), Cell(csv, "title"), Cell(csv, "phone"), Cell(csv, "timeZone"),
        fields.Where(field => field.Ordinal < csv.RowFieldCount).Select(field => (field.Name, Value: csv.GetString(field.Ordinal).Trim()))
            .Where(field => field.Value.Length > 0).ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));

    private void Add(int ordinal, string header, Findings findings)
    {
        var name = header.Trim();
        if (name.Length == 0) return;
        var member = Known.GetValueOrDefault(Letters(name).ToLowerInvariant());
        var right = member is not null ? members.TryAdd(member, ordinal) : !fields.Exists(field => field.Name == FieldName(name));
        if (!right) findings.Add("header", "repeated_column", $"More than one column is \"{member ?? FieldName(name)}\".");
        if (member is null) fields.Add((ordinal, FieldName(name)));
    }

    private string? Cell(CsvDataReader csv, string member) =>
        members.TryGetValue(member, out var ordinal) && ordinal < csv.RowFieldCount ? csv.GetString(ordinal) : null;

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit));

    // "Favourite colour" is favourite_colour in a template.
    private static string FieldName(string header)
    {
        var name = new StringBuilder();
        foreach (var letter in header)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter == '_') name.Append(letter);
            else if (name.Length > 0 && name[^1] != '_') name.Append('_');
        }
        return name.ToString().TrimEnd('_').ToLowerInvariant();
    }
}
