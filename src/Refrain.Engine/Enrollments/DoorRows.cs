using System.Text.Json;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Contacts;

namespace Refrain.Engine.Enrollments;

/// <summary>What the door reads of a contact.</summary>
internal sealed class DoorContact
{
    public const string Columns = """
        id as Id, email as Email, first_name as FirstName, last_name as LastName, company as Company, title as Title, phone as Phone, time_zone as TimeZone,
        fields as FieldsJson, away_since as AwaySince, away_until as AwayUntil, away_dated as AwayDated, deleted_at as DeletedAt
        """;

    public ContactId Id { get; init; }
    public string Email { get; init; } = "";
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? TimeZone { get; init; }
    public string FieldsJson { get; init; } = "{}";
    public Instant? AwaySince { get; init; }
    public Instant? AwayUntil { get; init; }
    public bool AwayDated { get; init; }
    public Instant? DeletedAt { get; init; }

    public string Name => $"{FirstName} {LastName}".Trim();
    public IReadOnlyDictionary<string, string> Fields => JsonSerializer.Deserialize<Dictionary<string, string>>(FieldsJson)!;

    /// <summary>The absence that still lasts at an instant; null when there is none.</summary>
    public Hold? AbsenceAt(Instant now) => KnownAbsences.At(AwaySince, AwayUntil, AwayDated, now);
}

/// <summary>What the door reads of a message that a run sent or will send.</summary>
internal sealed class DoorMessage
{
    public const string Columns = """
        enrollment_id as Enrollment, step_id as Step, incarnation as Incarnation, id as Id, header as Header, subject as Subject, status as Status,
        manual as Manual, intended_at as IntendedAt, outcome_at as OutcomeAt
        """;

    public EnrollmentId Enrollment { get; init; }
    public StepId Step { get; init; }
    public int Incarnation { get; init; }
    public MessageId Id { get; init; }
    public string Header { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Status { get; init; } = "";
    public bool Manual { get; init; }
    public Instant IntendedAt { get; init; }
    public Instant? OutcomeAt { get; init; }
}
