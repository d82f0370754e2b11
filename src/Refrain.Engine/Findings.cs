using Refrain.Core;
using Refrain.Core.Contacts;

namespace Refrain.Engine;

/// <summary>Collects what is wrong with a request, so that its caller hears of everything at once.</summary>
internal sealed class Findings
{
    private readonly List<Problem> problems = [];

    public bool Any => problems.Count > 0;
    public IReadOnlyList<Problem> All => problems;

    public void Add(string field, string code, string message) => problems.Add(new(field, code, message));

    public void Add(IEnumerable<Problem> found) => problems.AddRange(found);

    /// <summary>Text that must say something.</summary>
    public void Text(string field, string? value, int longest)
    {
        if (string.IsNullOrWhiteSpace(value)) Add(field, "required", $"{field} must not be empty.");
        else Length(field, value, longest);
    }

    public void Length(string field, string? value, int longest)
    {
        if (value?.Length > longest) Add(field, "too_long", $"{field} has {value.Length} characters; allowed are {longest}.");
    }

    public void Within(string field, int? value, int least, int most)
    {
        if (value < least || value > most) Add(field, "out_of_range", $"{field} is {value}; allowed is {least} to {most}.");
    }

    public EmailAddress Address(string field, string? text)
    {
        if (EmailAddress.TryParse(text, out var address)) return address;
        Add(field, "invalid_address", $"\"{Cut(text)}\" is not an email address; write one like ann@example.com, without a name.");
        return default;
    }

    public void Zone(string field, string? name)
    {
        if (name is not null && NodaTime.DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is null)
            Add(field, "unknown_time_zone", $"\"{Cut(name)}\" is no IANA time zone such as \"Europe/Berlin\".");
    }

    private static string Cut(string? text) => text is null ? "" : text.Length <= 100 ? text : text[..100] + "…";
}
