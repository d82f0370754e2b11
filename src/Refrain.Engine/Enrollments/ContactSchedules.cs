using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Engine.Enrollments;

/// <summary>Resolves the schedule of a sequence for a contact: his zone where it is known and wanted, else the sequence's.</summary>
internal static class ContactSchedules
{
    public static Schedule Of(Sequence sequence, string? contactZone)
    {
        var settings = sequence.Settings;
        var own = DateTimeZoneProviders.Tzdb[settings.TimeZone];
        var zone = settings.UseContactTimeZone && contactZone is not null ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(contactZone) ?? own : own;
        return new(zone, settings.Windows, settings.WeekdaysOnly, settings.Holidays, settings.EndsOn, own)
        {
            OwnHolidays = settings.OwnHolidays,
        };
    }
}
