using CsCheck;
using NodaTime;
using Refrain.Core.Schedules;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Schedules;

public sealed class NextSlotProperties
{
    private const int OracleDays = 4;

    // Each zone with an instant near which something happens to its clock, or a holiday falls.
    private static readonly Gen<(DateTimeZone Zone, Instant Around)> Places = Gen.OneOf(
        ("Europe/Berlin", "2027-03-28T01:00Z"), ("Europe/Berlin", "2027-10-31T01:00Z"), ("Europe/Berlin", "2027-12-25T12:00Z"),
        ("America/New_York", "2027-11-07T06:00Z"), ("America/Nuuk", "2027-03-28T01:00Z"), ("America/Nuuk", "2027-10-31T01:00Z"),
        ("Africa/Cairo", "2027-04-29T22:00Z"), ("Africa/Cairo", "2027-10-28T21:00Z"), ("Australia/Lord_Howe", "2027-10-02T15:30Z"),
        ("Australia/Lord_Howe", "2027-04-03T15:00Z"), ("Asia/Almaty", "2024-02-29T18:00Z"), ("Pacific/Chatham", "2027-04-03T14:00Z"),
        ("Asia/Kathmandu", "2028-02-29T00:00Z"), ("America/Havana", "2027-11-07T05:00Z"), ("Antarctica/Troll", "2027-10-31T01:00Z"),
        ("Pacific/Kiritimati", "2027-01-01T00:00Z"), ("UTC", "2027-05-06T00:00Z"))
        .Select(place => (Zone(place.Item1), At(place.Item2)));

    // Half of the times lie in the night, where clocks change.
    private static readonly Gen<LocalTime> Times = Gen.OneOf(Gen.Int[0, 16], Gen.Int[0, 95]).Select(quarter => LocalTime.FromMinutesSinceMidnight(quarter * 15));

    private static readonly Gen<SendWindow> AnyWindow = Gen.Select(Gen.Int[1, 127], Times, Times)
        .Select((days, from, to) => new SendWindow(Enumerable.Range(1, 7).Where(day => (days & (1 << (day - 1))) != 0).Select(day => (IsoDayOfWeek)day).ToHashSet(), from, to));

    private static readonly Gen<string[]> Holidays = Gen.OneOf<string[]>([], ["DE"], ["FR", "US"]);

    private static readonly Gen<(Schedule Schedule, LocalTime? TimeOfDay, Instant From)> Cases =
        Gen.Select(Places, AnyWindow.Array[0, 3], Gen.Bool, Holidays, Gen.Select(Gen.Bool, Times), Gen.Int[-4000, 2000], Gen.Int[-2, 20])
            .Select((place, windows, weekdays, holidays, time, minutes, endsIn) => (
                new Schedule(place.Zone, windows, weekdays, holidays, endsIn > 10 ? null : place.Around.InUtc().Date.PlusDays(endsIn), DateTimeZone.Utc),
                time.Item1 ? time.Item2 : (LocalTime?)null,
                place.Around + Duration.FromMinutes(minutes)));

    [Fact]
    public void the_slot_is_the_first_that_a_minute_by_minute_search_finds() => Cases.Sample(
        (schedule, time, from) =>
        {
            var slot = NextSlot.At(from, time, schedule);
            var truth = SlotOracle.First(from, time, schedule, OracleDays);
            return slot == truth || (truth is null && slot >= from + Duration.FromDays(OracleDays));
        },
        iter: 1500);

    [Fact]
    public void open_is_what_the_wall_clock_says() => Cases.Sample(
        (schedule, _, from) => NextSlot.IsOpen(from, schedule) == SlotOracle.IsOpen(from, schedule), iter: 20_000);

    [Fact]
    public void the_slot_is_never_early_always_open_and_its_own_next_slot() => Gen.Select(Cases, Gen.Int[0, 59_999]).Sample(
        (given, milliseconds) =>
        {
            var from = given.From + Duration.FromMilliseconds(milliseconds);
            return NextSlot.At(from, given.TimeOfDay, given.Schedule) is not { } slot
                || (slot >= from && NextSlot.IsOpen(slot, given.Schedule) && NextSlot.At(slot, given.TimeOfDay, given.Schedule) == slot);
        },
        iter: 20_000);

    [Fact]
    public void a_later_start_has_no_earlier_slot() => Gen.Select(Cases, Gen.Int[0, 5000]).Sample(
        (given, minutes) =>
        {
            var slot = NextSlot.At(given.From, given.TimeOfDay, given.Schedule);
            var later = NextSlot.At(given.From + Duration.FromMinutes(minutes), given.TimeOfDay, given.Schedule);
            return slot is null ? later is null : later is null || later >= slot;
        },
        iter: 20_000);

    [Fact]
    public void with_an_owner_both_are_open() => Gen.Select(Cases, Cases).Sample(
        (given, owner) =>
        {
            var schedule = given.Schedule with { OwnerHours = owner.Schedule with { EndsOn = null } };
            return NextSlot.At(given.From, given.TimeOfDay, schedule) is not { } slot
                || (slot >= given.From && NextSlot.IsOpen(slot, given.Schedule) && NextSlot.IsOpen(slot, schedule.OwnerHours));
        },
        iter: 2000);

    [Fact]
    public void a_delay_never_ends_before_it_began_and_a_longer_one_never_earlier() => Gen.Select(Cases, Gen.Enum<DelayUnit>(), Gen.Int[0, 30]).Sample(
        (given, unit, value) =>
        {
            var end = NextSlot.DelayEnds(given.From, new(value, unit), given.Schedule);
            return end >= given.From && NextSlot.DelayEnds(given.From, new(value + 1, unit), given.Schedule) > end;
        },
        iter: 20_000);
}
