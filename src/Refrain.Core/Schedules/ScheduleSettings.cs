using NodaTime;

namespace Refrain.Core.Schedules;

/// <summary>The part of a sequence's settings that says when steps may happen, as a person wrote it.</summary>
/// <param name="TimeZone">The IANA name of the sequence's zone.</param>
/// <param name="Windows">Empty means always.</param>
/// <param name="Holidays">Codes of countries or their parts, as in <see cref="Schedules.Holidays.Countries"/>.</param>
/// <param name="EndsOn">Inclusive, in the sequence's zone.</param>
public sealed record ScheduleSettings(
    string TimeZone,
    IReadOnlyList<SendWindow> Windows,
    bool WeekdaysOnly,
    IReadOnlyList<string> Holidays,
    LocalDate? EndsOn);

/// <summary>One reason why a schedule cannot be saved.</summary>
/// <param name="Code">Stable, for programs: "unknown_time_zone".</param>
/// <param name="Field">The member of the sequence that is wrong: "settings.windows[0]", "steps[2].at" (counted from 0).</param>
/// <param name="Message">A sentence for the person who saves.</param>
public sealed record ScheduleProblem(string Code, string Field, string Message);
