using NodaTime;
using Refrain.Core.Sequences;

namespace Refrain.Core.Throttles;

/// <summary>
/// The least time between two automatic emails to one contact in a sequence that enrolls the same person any number of times. Other sequences let a contact be in them once
/// only, and their own delays keep the emails apart.
/// </summary>
/// <param name="newest">When something was last mailed to the contact; null when it was long ago.</param>
public sealed class ContactRest(Instant? newest)
{
    private Instant? _newest = newest;

    /// <summary>How long a contact is left alone.</summary>
    public static Duration Length { get; } = Duration.FromHours(24);

    public static bool Concerns(Sequence sequence) => sequence.Settings.Readd == ReaddRule.Any;

    /// <summary>Until when the contact is left alone; null when an email may go.</summary>
    public Instant? Until(Instant now) => _newest + Length is { } until && until > now ? until : null;

    /// <summary>Something is mailed to the contact.</summary>
    public void Mail(Instant at) => _newest = at;
}
