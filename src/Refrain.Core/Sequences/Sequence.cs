using NodaTime;
using Refrain.Core.Schedules;

namespace Refrain.Core.Sequences;

/// <summary>When a contact may be enrolled again in a sequence.</summary>
public enum ReaddRule
{
    /// <summary>Never again after one run.</summary>
    Once,

    /// <summary>While no run of his is open.</summary>
    WhenNotActive,

    /// <summary>Any number of times; then at least 24 h lie between two emails to one contact.</summary>
    Any,
}

/// <summary>What happens to a step that is more than so many days late.</summary>
public enum StalePolicy { Ask, Send, Skip }

/// <summary>The settings of a sequence; the defaults are those of the API.</summary>
public sealed record SequenceSettings
{
    public bool StopOnReply { get; init; } = true;

    /// <summary>Any email from the contact counts as the reply, also one that is no answer to a message of the run.</summary>
    public bool StopOnAnyEmail { get; init; }
    public bool PauseOnOutOfOffice { get; init; } = true;

    /// <summary>How long an absence without a stated return holds; null = until a user resumes.</summary>
    public StepDelay? ResumeAfter { get; init; } = new(7, DelayUnit.Days);
    public ReaddRule Readd { get; init; } = ReaddRule.WhenNotActive;
    public bool OneAtATime { get; init; } = true;
    public StepDelay LateReplyWait { get; init; } = new(0, DelayUnit.Days);

    /// <summary>IANA name.</summary>
    public string TimeZone { get; init; } = "UTC";
    public bool UseContactTimeZone { get; init; } = true;
    public bool WeekdaysOnly { get; init; }

    /// <summary>Empty = always.</summary>
    public IReadOnlyList<SendWindow> Windows { get; init; } = [];

    /// <summary>The working hours of the mailbox's owner are required too, where he has some.</summary>
    public bool OwnerHours { get; init; }
    public IReadOnlyList<string> Holidays { get; init; } = [];

    /// <summary>Free days of one's own calendar, beside those of <see cref="Holidays"/>.</summary>
    public IReadOnlySet<LocalDate> OwnHolidays { get; init; } = System.Collections.Frozen.FrozenSet<LocalDate>.Empty;

    /// <summary>The last day, in the sequence's zone, on which something is sent.</summary>
    public LocalDate? EndsOn { get; init; }
    public bool Threading { get; init; } = true;
    public bool UnsubscribeFooter { get; init; } = true;
    public bool ListUnsubscribe { get; init; }
    public int? NewContactsPerDay { get; init; }
    public int? MaximumLive { get; init; }
    public int Weight { get; init; } = 1;
    public int StaleAfterDays { get; init; } = 5;
    public StalePolicy Stale { get; init; } = StalePolicy.Ask;
}

/// <summary>A published version: it never changes.</summary>
public sealed record Sequence(SequenceId Id, int Version, string Name, SequenceSettings Settings, IReadOnlyList<Step> Steps)
{
    /// <summary>Guards about addresses and merge fields matter only where there is one.</summary>
    public bool HasEmailStep => Steps.Any(step => step.IsEmail);

    /// <summary>Null when the step is not in this version.</summary>
    public Step? Find(StepId id) => Steps.FirstOrDefault(step => step.Id == id);

    /// <summary>The step after this one; null after the last.</summary>
    public Step? After(StepId id)
    {
        for (var index = 0; index < Steps.Count - 1; index++)
            if (Steps[index].Id == id)
                return Steps[index + 1];
        return null;
    }
}
