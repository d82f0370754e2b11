using Refrain.Core.Schedules;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Schedules;

public sealed class BusinessDaysTests
{
    [Theory]
    [InlineData("2027-01-07", "2027-01-08")]
    [InlineData("2027-01-08", "2027-01-11")]
    [InlineData("2027-01-09", "2027-01-11")]
    [InlineData("2027-03-25", "2027-03-30")] // Easter
    public void the_business_day_after_a_return_date(string back, string next) =>
        BusinessDays.NextAfter(Date(back), Schedule("Europe/Berlin", "sat 09:00-12:00", holidays: ["DE"])).ShouldBe(Date(next));

    [Theory]
    [InlineData("2027-01-06", true)] // Epiphany is no holiday in all of Germany
    [InlineData("2027-01-01", false)]
    [InlineData("2027-01-09", false)]
    public void weekends_and_holidays_are_no_business_days(string date, bool business) =>
        BusinessDays.IsBusinessDay(Date(date), Schedule("UTC", holidays: ["DE"])).ShouldBe(business);

    [Theory]
    [InlineData("2027-01-09", 0, "2027-01-09")]
    [InlineData("2027-01-09", 1, "2027-01-11")]
    [InlineData("2027-01-04", 10, "2027-01-18")]
    public void days_are_added_one_business_day_at_a_time(string date, int days, string sum) =>
        BusinessDays.Add(Date(date), days, Schedule("UTC")).ShouldBe(Date(sum));
}
