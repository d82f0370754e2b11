using Refrain.Core;
using Refrain.Core.Enrollments;

namespace Refrain.Engine.Enrollments;

/// <summary>What the door answers to one signal. <paramref name="After"/> is null when there is no such enrollment (in this workspace).</summary>
public sealed record DoorAnswer(EnrollmentId Id, TransitionKind Kind, Enrollment? After, Why Why);

/// <summary>The content of an email to be intended: rendered for its contact.</summary>
internal sealed record RenderedEmail(string Subject, string Text, string? Html);

/// <summary>A signal at the door.</summary>
/// <param name="Bucket">Null where the caller knows only the id.</param>
/// <param name="Enrollment">For whom it is.</param>
/// <param name="Signal">Makes the signal from the enrollment as it is now; null = nothing to say after all.</param>
/// <param name="ExpectedRevision">Said of the enrollment as it was at this revision: if it has changed since, the signal is not applied.</param>
/// <param name="Email">The content, if the signal leads to an email.</param>
internal sealed record Knock(
    int? Bucket, EnrollmentId Enrollment, Func<Enrollment, Signal?> Signal, int? ExpectedRevision = null, RenderedEmail? Email = null);

/// <summary>A row changed between its reading and its writing. The whole batch is rolled back and may be tried again.</summary>
internal sealed class LostRaceException(string message) : Exception(message);
