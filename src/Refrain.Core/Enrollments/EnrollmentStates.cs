namespace Refrain.Core.Enrollments;

/// <summary>Names of the states: on the wire and in the database, and as people read them.</summary>
public static class EnrollmentStates
{
    public static IReadOnlyList<EnrollmentState> All { get; } = Enum.GetValues<EnrollmentState>();

    private static readonly Dictionary<string, EnrollmentState> ByWireName = All.ToDictionary(WireName, StringComparer.Ordinal);

    /// <summary>The name in the API and in the database.</summary>
    public static string WireName(this EnrollmentState state) => state switch
    {
        EnrollmentState.Active => "active",
        EnrollmentState.Pending => "pending",
        EnrollmentState.Paused => "paused",
        EnrollmentState.PausedO3 => "paused_o3",
        EnrollmentState.Failed => "failed",
        EnrollmentState.FinishedBounced => "finished_bounced",
        EnrollmentState.FinishedReplied => "finished_replied",
        EnrollmentState.FinishedNoReply => "finished_no_reply",
        EnrollmentState.FinishedOptOut => "finished_opt_out",
        EnrollmentState.Finished => "finished",
        EnrollmentState.Unsubscribed => "unsubscribed",
        EnrollmentState.AlreadyEnrolled => "already_enrolled",
        EnrollmentState.OtherEnrolled => "other_enrolled",
        EnrollmentState.FinishedUnenrolled => "finished_unenrolled",
    };

    /// <summary>The name that people read.</summary>
    public static string DisplayName(this EnrollmentState state) => state switch
    {
        EnrollmentState.Active => "Active",
        EnrollmentState.Pending => "Pending",
        EnrollmentState.Paused => "Paused",
        EnrollmentState.PausedO3 => "Paused O3",
        EnrollmentState.Failed => "Failed",
        EnrollmentState.FinishedBounced => "Finished (Bounced)",
        EnrollmentState.FinishedReplied => "Finished (Replied)",
        EnrollmentState.FinishedNoReply => "Finished (No Reply)",
        EnrollmentState.FinishedOptOut => "Finished (Opt-out)",
        EnrollmentState.Finished => "Finished",
        EnrollmentState.Unsubscribed => "Unsubscribed",
        EnrollmentState.AlreadyEnrolled => "Already Enrolled",
        EnrollmentState.OtherEnrolled => "Other Enrolled",
        EnrollmentState.FinishedUnenrolled => "Finished (Unenrolled)",
    };

    /// <summary>Open: the first five. Closed: the other nine.</summary>
    public static bool IsOpen(this EnrollmentState state) => state <= EnrollmentState.Failed;

    public static bool TryParse(string? wireName, out EnrollmentState state) => ByWireName.TryGetValue(wireName ?? "", out state);

    /// <summary>For names that the database holds: its CHECK allows no other.</summary>
    public static EnrollmentState FromWireName(string wireName) => ByWireName[wireName];
}
