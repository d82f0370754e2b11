using Refrain.Core.Schedules;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Schedules;

public sealed class DelayEndsTests
{
    [Theory]
    [InlineData(90, DelayUnit.Minutes, "2027-03-28T00:30Z", "2027-03-28T02:00Z")]
    [InlineData(24, DelayUnit.Hours, "2027-03-27T12:00Z", "2027-03-28T12:00Z")]
    public void minutes_and_hours_are_exact_over_a_change_of_the_clock(int value, DelayUnit unit, string from, string end) =>
        Text(NextSlot.DelayEnds(At(from), new(value, unit), Schedule("Europe/Berlin"))).ShouldBe(end);

    [Theory]
    [InlineData("Europe/Berlin", 1, "2027-03-27T12:00Z", "2027-03-28T11:00Z")] // 23 hours
    [InlineData("Europe/Berlin", 1, "2027-10-30T12:00Z", "2027-10-31T13:00Z")] // 25 hours
    [InlineData("Europe/Berlin", 1, "2027-03-27T01:30Z", "2027-03-28T01:00Z")] // 02:30 does not exist: 03:00
    [InlineData("Europe/Berlin", 1, "2027-10-30T00:30Z", "2027-10-31T00:30Z")] // 02:30 twice: the earlier
    [InlineData("Pacific/Chatham", 7, "2027-04-01T00:00Z", "2027-04-08T01:00Z")]
    [InlineData("Asia/Almaty", 1, "2024-02-29T04:00Z", "2024-03-01T05:00Z")]
    [InlineData("Pacific/Apia", 1, "2011-12-29T20:00Z", "2011-12-30T10:00Z")] // the day after had been taken away
    [InlineData("UTC", 1, "2028-02-28T09:00Z", "2028-02-29T09:00Z")]
    [InlineData("UTC", 366, "2028-02-29T09:00Z", "2029-03-01T09:00Z")]
    public void days_keep_the_wall_time(string zone, int days, string from, string end) =>
        Text(NextSlot.DelayEnds(At(from), new(days, DelayUnit.Days), Schedule(zone))).ShouldBe(end);

    [Theory]
    [InlineData(1, "2027-01-08T09:00Z", "2027-01-11T09:00Z")] // Friday
    [InlineData(1, "2027-01-09T09:00Z", "2027-01-11T09:00Z")] // Saturday
    [InlineData(5, "2027-01-06T09:00Z", "2027-01-13T09:00Z")]
    [InlineData(1, "2027-03-25T09:00Z", "2027-03-30T08:00Z")] // Good Friday, Easter Monday, and summer time
    [InlineData(3, "2027-12-23T09:00Z", "2027-12-28T09:00Z")] // 25 and 26 December are a weekend
    public void business_days_skip_weekends_and_holidays(int days, string from, string end) =>
        Text(NextSlot.DelayEnds(At(from), new(days, DelayUnit.BusinessDays), Schedule("Europe/Berlin", "sat 09:00-10:00", holidays: ["DE"]))).ShouldBe(end);

    [Theory]
    [InlineData(DelayUnit.Minutes)]
    [InlineData(DelayUnit.Hours)]
    [InlineData(DelayUnit.Days)]
    [InlineData(DelayUnit.BusinessDays)]
    public void no_delay_ends_at_once_even_in_the_repeated_hour_of_a_sunday(DelayUnit unit)
    {
        var second = At("2027-10-31T01:30Z");
        NextSlot.DelayEnds(second, new(0, unit), Schedule("Europe/Berlin")).ShouldBe(second);
    }

    [Theory]
    [InlineData(3653, DelayUnit.Days, true)]
    [InlineData(3654, DelayUnit.BusinessDays, false)]
    [InlineData(3653 * 24, DelayUnit.Hours, true)]
    [InlineData(-1, DelayUnit.Minutes, false)]
    public void a_delay_is_sensible_up_to_ten_years(int value, DelayUnit unit, bool sensible) =>
        new StepDelay(value, unit).IsSensible.ShouldBe(sensible);
}
