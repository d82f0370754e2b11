using Refrain.Core.Contacts;
using Refrain.Core.Schedules;

namespace Refrain.Core.Enrollments;

/// <summary>How far the message of the current step has come.</summary>
public enum IntentStage
{
    /// <summary>There is none, or its last attempt has ended.</summary>
    None,

    /// <summary>Committed, and not yet given to the server: it can be taken back.</summary>
    Intended,

    /// <summary>Handed over, or about to be: its outcome will come.</summary>
    Handed,
}

/// <summary>What became of the newest message of a step.</summary>
public enum MessageFate
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Intended or handed over.</summary>
    Open,

    /// <summary>A server accepted it.</summary>
    Accepted,

    /// <summary>Refused for good, or bounced.</summary>
    Refused,

    /// <summary>Handed over, and nobody knows.</summary>
    Unknown,

    /// <summary>Deferred or taken back: it may be sent again as it is.</summary>
    Again,
}

/// <summary>What the door loads beside the enrollment, in the same transaction, for the machine to decide by.</summary>
/// <param name="Schedule">Windows, zone and holidays, resolved for this contact.</param>
/// <param name="Intent">How far the message of the current step has come.</param>
/// <param name="LatestSentStep">The step of the latest message that a server accepted; null when none was.</param>
/// <param name="MayBeOpen">False if the guards of enrollment would now refuse this run: it is then not opened again.</param>
/// <param name="Fate">What became of the newest message of the current step.</param>
/// <param name="BlockedBy">The run because of which this one may not be open.</param>
/// <param name="Standing">The latest message that a server accepted; null when there is none, or when it has come back.</param>
/// <param name="Address">Where the run writes now; null when that is not known.</param>
public sealed record Facts(Schedule Schedule, IntentStage Intent, StepId? LatestSentStep, bool MayBeOpen,
    MessageFate Fate = MessageFate.None, EnrollmentId? BlockedBy = null, MessageId? Standing = null, EmailAddress? Address = null);
