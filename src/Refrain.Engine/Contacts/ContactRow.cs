using System.Text.Json;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Contacts;

/// <summary>A contact as its table has it.</summary>
internal sealed record ContactRow
{
    public const string Columns =
        """
        id as Id, email as Email, first_name as FirstName, last_name as LastName, company as Company, title as Title, phone as Phone,
        time_zone as TimeZone, fields as Fields, away_since as AwaySince, away_until as AwayUntil, created_at as CreatedAt
        """;

    /// <summary>What a new contact is written with.</summary>
    public static readonly Table<(WorkspaceId Workspace, ContactRow Row)> Insert = new("contact",
        new("id", ColumnType.Uuid, one => one.Row.Id.Value),
        new("workspace_id", ColumnType.Uuid, one => one.Workspace.Value),
        new("email", ColumnType.Text, one => one.Row.Email),
        new("first_name", ColumnType.Text, one => one.Row.FirstName),
        new("last_name", ColumnType.Text, one => one.Row.LastName),
        new("company", ColumnType.Text, one => one.Row.Company),
        new("title", ColumnType.Text, one => one.Row.Title),
        new("phone", ColumnType.Text, one => one.Row.Phone),
        new("time_zone", ColumnType.Text, one => one.Row.TimeZone),
        new("fields", ColumnType.Json, one => one.Row.Fields),
        new("created_at", ColumnType.Instant, one => one.Row.CreatedAt));

    /// <summary>What a change writes.</summary>
    public static readonly Table<ContactRow> Update = new("contact",
        new("id", ColumnType.Uuid, row => row.Id.Value, IsKey: true),
        new("email", ColumnType.Text, row => row.Email),
        new("first_name", ColumnType.Text, row => row.FirstName),
        new("last_name", ColumnType.Text, row => row.LastName),
        new("company", ColumnType.Text, row => row.Company),
        new("title", ColumnType.Text, row => row.Title),
        new("phone", ColumnType.Text, row => row.Phone),
        new("time_zone", ColumnType.Text, row => row.TimeZone),
        new("fields", ColumnType.Json, row => row.Fields));

    public ContactId Id { get; init; }
    public string Email { get; init; } = "";
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? TimeZone { get; init; }
    public string Fields { get; init; } = "{}";
    public Instant? AwaySince { get; init; }
    public Instant? AwayUntil { get; init; }
    public Instant CreatedAt { get; init; }

    public static ContactRow Of(ContactId id, EmailAddress email, ContactDetails details, Instant at) => new()
    {
        Id = id, Email = email.Value, FirstName = Given(details.FirstName), LastName = Given(details.LastName), Company = Given(details.Company),
        Title = Given(details.Title), Phone = Given(details.Phone), TimeZone = Given(details.TimeZone), Fields = Written(details.Fields), CreatedAt = at,
    };

    /// <summary>This contact with everything that the other says; what it does not say stays.</summary>
    public ContactRow FilledFrom(ContactRow other) => this with
    {
        FirstName = other.FirstName ?? FirstName, LastName = other.LastName ?? LastName, Company = other.Company ?? Company, Title = other.Title ?? Title,
        Phone = other.Phone ?? Phone, TimeZone = other.TimeZone ?? TimeZone, Fields = Written(Merged(Read(Fields), Read(other.Fields))),
    };

    public Contact ToContact() => new(
        Id.ToString(), Email, FirstName, LastName, Company, Title, Phone, TimeZone, Read(Fields), AwaySince?.ToDateTimeOffset(), AwayUntil?.ToDateTimeOffset(),
        CreatedAt.ToDateTimeOffset());

    private static SortedDictionary<string, string> Read(string fields) => JsonSerializer.Deserialize<SortedDictionary<string, string>>(fields)!;

    private static string Written(IReadOnlyDictionary<string, string>? fields) =>
        fields is null || fields.Count == 0 ? "{}" : JsonSerializer.Serialize(new SortedDictionary<string, string>(fields.ToDictionary(), StringComparer.Ordinal));

    private static SortedDictionary<string, string> Merged(SortedDictionary<string, string> fields, SortedDictionary<string, string> more)
    {
        foreach (var (name, value) in more) fields[name] = value;
        return fields;
    }

    // An empty cell or member says nothing; a merge field that is empty is missing.
    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
