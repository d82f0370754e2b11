using NodaTime;
using Refrain.Core.Schedules;

namespace Refrain.Core.Enrollments;

/// <summary>An attempt to enroll one contact. <paramref name="StartAtStep"/>: the number of the first step, from 1. <paramref name="At"/>: the instant of enrollment.</summary>
public sealed record NewRun(
    EnrollmentId Id, WorkspaceId Workspace, int Bucket, UserId User, ContactId Contact, MailboxId? Mailbox, int StartAtStep, Instant At, Actor By);

/// <summary>A run of the contact that is open. <paramref name="OneAtATime"/>: the switch of its sequence.</summary>
public sealed record OpenRun(EnrollmentId Id, SequenceId Sequence, string SequenceName, bool OneAtATime);

/// <summary>What the guards look at, loaded in the transaction that enrolls, with the contact's row locked.</summary>
/// <param name="Schedule">Windows, zone and holidays, resolved for this contact.</param>
/// <param name="OptedOut">The contact wants no more email.</param>
/// <param name="AddressKnownBad">His address bounced before.</param>
/// <param name="SuppressedBy">The address or domain that an administrator suppressed; null when none applies.</param>
/// <param name="EarlierRuns">His runs of this sequence in any state, without rejected attempts.</param>
/// <param name="OpenHere">His open runs of this sequence.</param>
/// <param name="OpenElsewhere">His open runs of other sequences.</param>
/// <param name="HasAddress">He has a usable address.</param>
/// <param name="MissingFields">The merge fields of automatic steps that he lacks.</param>
/// <param name="Absence">Until when he is known to be away; null when he is not.</param>
public sealed record GuardFacts(
    Schedule Schedule, bool OptedOut, bool AddressKnownBad, string? SuppressedBy, int EarlierRuns, IReadOnlyList<OpenRun> OpenHere,
    IReadOnlyList<OpenRun> OpenElsewhere, bool HasAddress, IReadOnlyList<string> MissingFields, Hold? Absence);
