using NodaTime;
using Refrain.Core.Schedules;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Schedules;

public sealed class NextSlotTests
{
    private const string OfficeHours = "mon tue wed thu fri 09:00-17:00";

    [Theory]
    [InlineData("2027-01-04T08:00Z", "2027-01-04T08:00Z")] // Monday, exactly at the start
    [InlineData("2027-01-04T07:59Z", "2027-01-04T08:00Z")]
    [InlineData("2027-01-04T15:59Z", "2027-01-04T15:59Z")]
    [InlineData("2027-01-04T16:00Z", "2027-01-05T08:00Z")] // the end is outside
    [InlineData("2027-01-08T16:00Z", "2027-01-11T08:00Z")] // Friday evening
    public void an_overdue_step_waits_for_its_window(string from, string slot) =>
        Text(NextSlot.At(At(from), null, Schedule("Europe/Berlin", OfficeHours))).ShouldBe(slot);

    [Fact]
    public void a_schedule_without_constraints_opens_at_once()
    {
        var from = At("2027-01-04T08:00Z") + Duration.FromTicks(7);
        NextSlot.At(from, null, Schedule("Asia/Kathmandu")).ShouldBe(from);
    }

    [Theory]
    [InlineData("Asia/Kolkata", "2027-01-04T00:00Z", "2027-01-04T03:30Z")]
    [InlineData("Asia/Kathmandu", "2027-01-04T00:00Z", "2027-01-04T03:15Z")]
    [InlineData("Australia/Eucla", "2027-01-04T00:00Z", "2027-01-04T00:15Z")]
    [InlineData("Pacific/Marquesas", "2027-01-04T00:00Z", "2027-01-04T18:30Z")]
    [InlineData("Pacific/Chatham", "2027-01-03T12:00Z", "2027-01-03T19:15Z")] // Monday there, Sunday in Greenwich
    [InlineData("Pacific/Kiritimati", "2027-01-03T12:00Z", "2027-01-03T19:00Z")] // UTC+14
    [InlineData("Pacific/Pago_Pago", "2027-01-03T12:00Z", "2027-01-04T20:00Z")] // UTC-11, the other side of the date line
    public void office_hours_begin_by_the_contacts_own_clock_and_weekday(string zone, string from, string slot) =>
        Text(NextSlot.At(At(from), null, Schedule(zone, OfficeHours))).ShouldBe(slot);

    [Theory]
    [InlineData("Europe/Berlin", "02:30", "2027-03-27T12:00Z", "2027-03-28T01:00Z", "2027-03-29T00:30Z")]
    [InlineData("Australia/Lord_Howe", "02:15", "2027-10-02T00:00Z", "2027-10-02T15:30Z", "2027-10-03T15:15Z")] // a gap of half an hour
    [InlineData("Africa/Cairo", "00:20", "2027-04-29T12:00Z", "2027-04-29T22:00Z", "2027-04-30T21:20Z")] // the gap is at midnight
    [InlineData("America/Nuuk", "23:30", "2027-03-27T12:00Z", "2027-03-28T01:00Z", "2027-03-29T00:30Z")] // the gap ends at midnight
    public void a_time_of_day_in_the_spring_gap_moves_forward_and_is_taken_once(string zone, string time, string from, string slot, string next)
    {
        var first = NextSlot.At(At(from), Time(time), Schedule(zone));
        Text(first).ShouldBe(slot);
        Text(NextSlot.At(first!.Value + Duration.FromSeconds(1), Time(time), Schedule(zone))).ShouldBe(next);
    }

    [Theory]
    [InlineData("Europe/Berlin", "02:30", "2027-10-30T12:00Z", "2027-10-31T00:30Z", "2027-11-01T01:30Z")]
    [InlineData("America/Havana", "00:30", "2027-11-06T12:00Z", "2027-11-07T04:30Z", "2027-11-08T05:30Z")]
    [InlineData("Australia/Lord_Howe", "01:45", "2027-04-03T00:00Z", "2027-04-03T14:45Z", "2027-04-04T15:15Z")]
    public void an_ambiguous_time_of_day_is_taken_once_the_earlier(string zone, string time, string from, string slot, string next)
    {
        var first = NextSlot.At(At(from), Time(time), Schedule(zone));
        Text(first).ShouldBe(slot);
        Text(NextSlot.At(first!.Value + Duration.FromSeconds(1), Time(time), Schedule(zone))).ShouldBe(next);
    }

    [Theory]
    [InlineData("2027-03-28T00:00Z", "2027-04-04T00:15Z")] // swallowed by the gap: the next Sunday
    [InlineData("2027-10-31T00:00Z", "2027-10-31T00:15Z")]
    [InlineData("2027-10-31T00:45Z", "2027-11-07T01:15Z")] // the second 02:15 is not taken
    public void a_window_inside_the_changing_hour_opens_once_or_not_at_all(string from, string slot) =>
        Text(NextSlot.At(At(from), null, Schedule("Europe/Berlin", "sun 02:15-02:45"))).ShouldBe(slot);

    [Theory]
    [InlineData("2027-10-31T00:40Z", "2027-10-31T00:40Z")]
    [InlineData("2027-10-31T01:10Z", "2027-10-31T01:30Z")] // the clock went back to 02:10: outside until it shows 02:30 again
    [InlineData("2027-10-31T02:59Z", "2027-10-31T02:59Z")]
    public void no_step_leaves_while_the_clock_shows_a_time_outside_the_window(string from, string slot) =>
        Text(NextSlot.At(At(from), null, Schedule("Europe/Berlin", "sun 02:30-04:00"))).ShouldBe(slot);

    [Theory]
    [InlineData("Asia/Almaty", "2024-02-29T12:00Z", "2024-03-01T04:00Z")] // +6 became +5 for good that night
    [InlineData("Asia/Almaty", "2024-02-28T12:00Z", "2024-02-29T03:00Z")] // a leap day, by the old rule
    [InlineData("America/Mexico_City", "2023-07-02T00:00Z", "2023-07-02T15:00Z")] // no summer time any more
    [InlineData("America/Mexico_City", "2022-07-02T00:00Z", "2022-07-02T14:00Z")]
    public void a_zone_that_changed_its_rules_is_no_fixed_offset(string zone, string from, string slot) =>
        Text(NextSlot.At(At(from), Time("09:00"), Schedule(zone))).ShouldBe(slot);

    [Theory]
    [InlineData("", "2011-12-30T10:00Z")] // 30 December 2011 did not exist: forward to the first instant after it
    [InlineData("daily 08:00-17:00", "2011-12-30T19:00Z")]
    public void a_day_that_the_date_line_took_away_is_a_gap_of_a_day(string windows, string slot) =>
        Text(NextSlot.At(At("2011-12-29T20:00Z"), Time("09:00"), Schedule("Pacific/Apia", windows))).ShouldBe(slot);

    [Theory]
    [InlineData("2027-01-08T20:59Z", null, "2027-01-08T21:00Z")] // Friday
    [InlineData("2027-01-08T23:30Z", null, "2027-01-08T23:30Z")] // Saturday 00:30 belongs to Friday
    [InlineData("2027-01-09T01:00Z", null, "2027-01-15T21:00Z")]
    [InlineData("2027-01-04T00:00Z", "01:00", "2027-01-09T00:00Z")] // the time of day lies after midnight
    [InlineData("2027-01-04T00:00Z", "23:00", "2027-01-08T22:00Z")]
    public void a_window_across_midnight_belongs_to_the_day_it_starts_on(string from, string? time, string slot) =>
        Text(NextSlot.At(At(from), time is null ? null : Time(time), Schedule("Europe/Berlin", "fri 22:00-02:00", weekdaysOnly: true))).ShouldBe(slot);

    [Theory]
    [InlineData("thu 09:00-17:00", "2027-05-04T12:00Z", "2027-05-13T07:00Z")] // Ascension Day is the window's only day
    [InlineData("wed 22:00-02:00", "2027-05-05T23:00Z", "2027-05-05T23:00Z")] // began on the working day before
    [InlineData("thu 22:00-02:00", "2027-05-06T23:00Z", "2027-05-13T20:00Z")] // would have begun on the holiday
    [InlineData("", "2027-05-06T08:00Z", "2027-05-06T22:00Z")]
    public void a_holiday_is_closed(string windows, string from, string slot) =>
        Text(NextSlot.At(At(from), null, Schedule("Europe/Berlin", windows, holidays: ["DE"]))).ShouldBe(slot);

    [Fact]
    public void a_day_of_ones_own_calendar_is_closed()
    {
        var schedule = Schedule("Europe/Berlin", OfficeHours) with { OwnHolidays = new HashSet<LocalDate> { Date("2027-01-04") } };
        Text(NextSlot.At(At("2027-01-04T10:00Z"), null, schedule)).ShouldBe("2027-01-05T08:00Z");
    }

    [Theory]
    [InlineData("2027-01-05T11:00Z", "2027-01-05T11:00Z")]
    [InlineData("2027-01-05T23:59Z", "2027-01-05T23:59Z")] // Wednesday noon on the date line, still Tuesday for the sequence
    [InlineData("2027-01-06T00:00Z", "never")]
    public void nothing_goes_after_the_end_date_in_the_sequences_zone(string from, string slot) =>
        Text(NextSlot.At(At(from), null, Schedule("Pacific/Auckland", endsOn: "2027-01-05"))).ShouldBe(slot);

    [Fact]
    public void a_slot_after_the_end_date_is_none() =>
        NextSlot.At(At("2027-01-08T17:00Z"), null, Schedule("Europe/Berlin", OfficeHours, endsOn: "2027-01-10")).ShouldBeNull();

    [Theory]
    [InlineData("sat sun 09:00-17:00", null)]
    [InlineData("mon 09:00-17:00", "17:00")]
    public void what_never_opens_is_none(string windows, string? time) =>
        NextSlot.At(At("2027-01-04T10:00Z"), time is null ? null : Time(time), Schedule("Europe/Berlin", windows, weekdaysOnly: true)).ShouldBeNull();

    [Theory]
    [InlineData("2027-01-04T06:00Z", "2027-01-04T14:00Z")] // Berlin is open at 08:00Z, New York at 14:00Z, both until 16:00Z
    [InlineData("2027-01-04T16:00Z", "2027-01-05T14:00Z")]
    public void the_owners_working_hours_are_required_too(string from, string slot)
    {
        var schedule = Schedule("Europe/Berlin", OfficeHours) with { OwnerHours = Schedule("America/New_York", OfficeHours) };
        Text(NextSlot.At(At(from), null, schedule)).ShouldBe(slot);
        NextSlot.IsOpen(At(slot), schedule).ShouldBeTrue();
        NextSlot.IsOpen(At("2027-01-04T09:00Z"), schedule).ShouldBeFalse();
    }

    [Fact]
    public void hours_that_never_meet_the_owners_are_none()
    {
        var schedule = Schedule("Europe/Berlin", "mon 09:00-10:00") with { OwnerHours = Schedule("America/New_York", OfficeHours) };
        NextSlot.At(At("2027-01-04T06:00Z"), null, schedule).ShouldBeNull();
    }

    [Theory]
    [InlineData("2027-01-09T11:00Z", false)]
    [InlineData("2027-01-11T11:00Z", true)]
    [InlineData("2027-01-12T11:00Z", false)]
    public void open_means_weekday_window_and_before_the_end(string at, bool open) =>
        NextSlot.IsOpen(At(at), Schedule("Europe/Berlin", "daily 09:00-17:00", weekdaysOnly: true, endsOn: "2027-01-11")).ShouldBe(open);
}
