namespace Refrain.Contracts;

/// <summary>Enroll contacts: by their ids, or by addresses, of which unknown ones make contacts. Without a mailbox the user's first healthy one sends.</summary>
public sealed record Enroll(IReadOnlyList<string>? ContactIds = null, IReadOnlyList<string>? Emails = null, string? MailboxId = null, int StartAtStep = 1);

/// <summary>What enrolling did, in the order of the request, rejected attempts included. A dry run has no ids.</summary>
public sealed record Enrolled(IReadOnlyDictionary<string, int> ByState, IReadOnlyList<string> EnrollmentIds);
