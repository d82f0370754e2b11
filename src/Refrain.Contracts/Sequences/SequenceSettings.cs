namespace Refrain.Contracts;

/// <summary>When a contact may be enrolled again.</summary>
public enum ReaddRule
{
    Once,
    WhenNotActive,
    Any,
}

/// <summary>What happens to a step that is long overdue.</summary>
public enum StalePolicy
{
    Ask,
    Send,
    Skip,
}

public enum Weekday
{
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// <summary>Hours in which steps may happen, by the wall clock; an end before the start crosses midnight.</summary>
public sealed record SendWindow(IReadOnlyList<Weekday> Days, TimeOnly From, TimeOnly To);

/// <summary>A step that is more than so many days late.</summary>
public sealed record Stale(int AfterDays = 5, StalePolicy Policy = StalePolicy.Ask);

/// <summary>The settings of a sequence; the values here are the defaults.</summary>
public sealed record SequenceSettings
{
    public bool StopOnReply { get; init; } = true;
    public bool StopOnAnyEmail { get; init; }
    public bool PauseOnOutOfOffice { get; init; } = true;

    /// <summary>Null: only a user resumes.</summary>
    public Delay? ResumeAfter { get; init; } = new(7, DelayUnit.Days);
    public ReaddRule Readd { get; init; } = ReaddRule.WhenNotActive;
    public bool OneAtATime { get; init; } = true;
    public Delay LateReplyWait { get; init; } = new(0, DelayUnit.Days);
    public string TimeZone { get; init; } = "UTC";
    public bool UseContactTimeZone { get; init; } = true;
    public bool WeekdaysOnly { get; init; }

    /// <summary>Empty: always.</summary>
    public IReadOnlyList<SendWindow> Windows { get; init; } = [];

    /// <summary>Steps happen only while the user works whose mailbox the run uses, too. Of a user without working hours nothing is required.</summary>
    public bool OwnerHours { get; init; }
    public IReadOnlyList<string> Holidays { get; init; } = [];

    /// <summary>An iCalendar text (RFC 5545); the days of its all-day events are holidays too.</summary>
    public string? Calendar { get; init; }

    /// <summary>The last day on which something is sent, in the sequence's zone.</summary>
    public DateOnly? EndsOn { get; init; }
    public bool Threading { get; init; } = true;
    public bool UnsubscribeFooter { get; init; } = true;
    public bool ListUnsubscribe { get; init; }
    public int? NewContactsPerDay { get; init; }
    public int? MaximumLive { get; init; }
    public int Weight { get; init; } = 1;
    public Stale Stale { get; init; } = new();
}
