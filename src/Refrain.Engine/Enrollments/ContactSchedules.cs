using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Engine.Enrollments;

/// <summary>
/// Resolves the schedule of a sequence for a contact: his zone where it is known and wanted, else the sequence's; and the working hours of the mailbox's owner, where the
/// sequence asks for them and there are some.
/// </summary>
internal static class ContactSchedules
{
    /// <summary>Where nobody's working hours matter, or it is not known yet whose mailbox sends.</summary>
    public static Schedule Of(Sequence sequence, string? contactZone) => Of(sequence, contactZone, owner: null);

    /// <summary>With the owner's working hours; null when he has none.</summary>
    public static Schedule Of(Sequence sequence, string? contactZone, Schedule? owner)
    {
        var settings = sequence.Settings;
        var own = DateTimeZoneProviders.Tzdb[settings.TimeZone];
        var zone = settings.UseContactTimeZone && contactZone is not null ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(contactZone) ?? own : own;
        return new(zone, settings.Windows, settings.WeekdaysOnly, settings.Holidays, settings.EndsOn, own)
        {
            OwnHolidays = settings.OwnHolidays,
            OwnerHours = settings.OwnerHours ? owner : null,
        };
    }
}
