using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.Serialization;
using Ical.Net;
using Ical.Net.DataTypes;
using NodaTime;
using Refrain.Core.Schedules;

namespace Refrain.Engine.Sequences;

/// <summary>Free days from an iCalendar text (RFC 5545): every day of its all-day events, repeated ones as far as the holidays of countries are known.</summary>
internal static class OwnCalendar
{
    private const int FirstYear = 2024;
    private const int MostDays = 10_000;

    // A sequence's text is read at each look at its page; a calendar of some years is read once.
    private static readonly ConcurrentDictionary<string, FrozenSet<LocalDate>> Known = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="FormatException"/> with a sentence for people when the text is no such calendar.</summary>
    public static IReadOnlySet<LocalDate> Days(string? text) => text is null ? FrozenSet<LocalDate>.Empty : Known.GetOrAdd(text, Read);

    private static FrozenSet<LocalDate> Read(string text)
    {
        var calendar = Load(text);
        if (calendar.Events.FirstOrDefault(one => one.Start?.HasTime != false) is { } timed)
            throw new FormatException($"The event \"{timed.Summary}\" has a time of day or no start; only whole days can be free.");
        var days = new HashSet<LocalDate>();
        foreach (var occurrence in calendar.GetOccurrences(new CalDateTime(FirstYear, 1, 1)))
        {
            var first = LocalDate.FromDateOnly(occurrence.Period.StartTime.Date);
            if (first > Holidays.LastCovered) break;
            var after = occurrence.Period.EffectiveEndTime is { } end ? LocalDate.FromDateOnly(end.Date) : first.PlusDays(1);
            for (var day = first; day < LocalDate.Max(after, first.PlusDays(1)); day = day.PlusDays(1))
                if (days.Add(day) && days.Count > MostDays)
                    throw new FormatException($"The calendar has more than {MostDays} free days.");
        }
        return days.Count > 0 ? days.ToFrozenSet() : throw new FormatException("The calendar has no all-day events.");
    }

    private static Calendar Load(string text)
    {
        try
        {
            return Calendar.Load(text) ?? throw new FormatException("The text is no iCalendar; it begins with BEGIN:VCALENDAR.");
        }
        catch (Exception broken) when (broken is SerializationException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException($"The text is no iCalendar: {broken.Message}", broken);
        }
    }
}
