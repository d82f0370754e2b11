namespace Refrain.Core.Enrollments;

/// <summary>Names of what belongs to an enrollment, for the wire format and the database.</summary>
public static class EnrollmentNames
{
    private static readonly NameTable<Phase> Phases = new(WireName);
    private static readonly NameTable<Guard> Guards = new(WireName);
    private static readonly NameTable<OptOutSource> Sources = new(WireName);
    private static readonly NameTable<RemovalRule> Rules = new(WireName);
    private static readonly NameTable<TaskEnding> Endings = new(WireName);

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this Wait value) => value switch
    {
        Wait.Outcome => "outcome",
        Wait.Slot => "slot",
        Wait.Person => "person",
        Wait.Retry => "retry",
        Wait.Sender => "sender",
        Wait.Resume => "resume",
    };

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this Phase value) => value switch
    {
        Phase.Waiting => "waiting",
        Phase.Sending => "sending",
        Phase.Capped => "capped",
        Phase.AtTask => "at_task",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out Phase value) => Phases.TryParse(name, out value);

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this Guard value) => value switch
    {
        Guard.OptedOut => "opted_out",
        Guard.AddressBad => "address_bad",
        Guard.Suppressed => "suppressed",
        Guard.Readd => "readd",
        Guard.OneAtATime => "one_at_a_time",
        Guard.EndDate => "end_date",
        Guard.NoAddress => "no_address",
        Guard.MissingField => "missing_field",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out Guard value) => Guards.TryParse(name, out value);

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this OptOutSource value) => value switch
    {
        OptOutSource.Link => "link",
        OptOutSource.OneClick => "one_click",
        OptOutSource.MailTo => "mailto",
        OptOutSource.Reply => "reply",
        OptOutSource.Complaint => "complaint",
        OptOutSource.User => "user",
        OptOutSource.Api => "api",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out OptOutSource value) => Sources.TryParse(name, out value);

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this RemovalRule value) => value switch
    {
        RemovalRule.User => "user",
        RemovalRule.Suppressed => "suppressed",
        RemovalRule.ContactDeleted => "contact_deleted",
        RemovalRule.EndDate => "end_date",
        RemovalRule.DealClosed => "deal_closed",
        RemovalRule.CallOutcome => "call_outcome",
        RemovalRule.MeetingBooked => "meeting_booked",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out RemovalRule value) => Rules.TryParse(name, out value);

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this TaskEnding value) => value switch
    {
        TaskEnding.Done => "done",
        TaskEnding.Skipped => "skipped",
        TaskEnding.Withdrawn => "withdrawn",
        TaskEnding.Closed => "closed",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out TaskEnding value) => Endings.TryParse(name, out value);
}
