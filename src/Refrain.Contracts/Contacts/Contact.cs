namespace Refrain.Contracts;

/// <summary>A person, as he is given. The time zone is an IANA name.</summary>
public sealed record ContactDetails(
    string Email, string? FirstName = null, string? LastName = null, string? Company = null, string? Title = null, string? Phone = null,
    string? TimeZone = null, IReadOnlyDictionary<string, string>? Fields = null);

/// <summary>A person.</summary>
public sealed record Contact(
    string Id, string Email, string? FirstName, string? LastName, string? Company, string? Title, string? Phone, string? TimeZone,
    IReadOnlyDictionary<string, string> Fields, DateTimeOffset? AwaySince, DateTimeOffset? AwayUntil, DateTimeOffset CreatedAt);

/// <summary>What an import did. <paramref name="Refused"/> rows are those of <paramref name="Errors"/>, which names the first thousand.</summary>
public sealed record ImportResult(int Created, int Updated, int Refused, IReadOnlyList<RowError> Errors);

/// <summary>What is wrong with one row. <paramref name="Row"/>: as a spreadsheet counts, the header being row 1.</summary>
public sealed record RowError(int Row, string Field, string Code, string Message);

/// <summary>What an import does with an address that is known already.</summary>
public enum OnExisting
{
    /// <summary>Cells that are not empty replace what is there.</summary>
    Update,

    /// <summary>It stays as it is.</summary>
    Skip,
}
