namespace Refrain.Contracts;

/// <summary>What somebody may do: look; work; work for all; also manage people and keys.</summary>
public enum Role
{
    Viewer,
    Member,
    Manager,
    Admin,
}

/// <summary>When a user works, by the wall clock of his own zone (an IANA name). Without windows he has no working hours, and nothing is required.</summary>
public sealed record WorkingHours(string TimeZone, IReadOnlyList<SendWindow> Windows);

/// <summary>A new user. <paramref name="DailyCap"/>: emails in any 24 hours over all sequences, 1 to 1000; null for none.</summary>
public sealed record NewUser(string Email, string Name, Role Role = Role.Member, int? DailyCap = null, WorkingHours? WorkingHours = null);

/// <summary>A change to a user. The cap is set to what is given; name, role, active and working hours stay when they are absent.</summary>
public sealed record UserChange(int? DailyCap = null, string? Name = null, Role? Role = null, bool? Active = null, WorkingHours? WorkingHours = null);

/// <summary>A person in the workspace. <paramref name="WorkingHours"/>: null when he has none.</summary>
public sealed record User(string Id, string Email, string Name, Role Role, int? DailyCap, bool Active, DateTimeOffset CreatedAt, WorkingHours? WorkingHours = null);

/// <summary>A key of a program, without the key: that was shown once and is not stored. It acts as the user.</summary>
public sealed record ApiKey(string Id, string Name, string UserId, string UserEmail, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);
