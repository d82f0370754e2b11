using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Schedules;

public sealed class ScheduleProblemsTests
{
    private static readonly SequenceSettings Sound = new()
    {
        TimeZone = "Europe/Berlin",
        Windows = Windows("mon tue 09:00-12:00; mon 13:00-17:00"),
        WeekdaysOnly = true,
        Holidays = ["DE", "US-CA"],
        EndsOn = Date("2027-01-05"),
    };

    [Fact]
    public void a_sound_schedule_has_none() => Find(Sound, Time("09:30"), null).ShouldBeEmpty();

    [Theory]
    [InlineData("sat 09:00-12:00; sun 10:00-11:00", "settings.windows[0] window_never_opens,settings.windows[1] window_never_opens")]
    [InlineData("mon 09:00-09:00", "settings.windows[0] window_is_empty")]
    [InlineData("mon 00:00-00:00", "")] // the whole day
    [InlineData(" 09:00-10:00", "settings.windows[0] window_without_days")]
    [InlineData("mon tue 09:00-12:00; tue 11:59-13:00", "settings.windows[1] windows_overlap")]
    [InlineData("mon 09:00-12:00; mon 12:00-13:00", "")]
    [InlineData("mon 22:00-02:00; tue 01:00-03:00", "settings.windows[1] windows_overlap")]
    [InlineData("mon 22:00-02:00; tue 02:00-03:00", "")]
    [InlineData("mon 00:00-01:00; sun fri 23:00-00:30", "settings.windows[1] windows_overlap")] // round the week
    [InlineData("mon 22:00-00:00; tue 00:00-03:00", "")]
    public void windows_that_cannot_be_meant(string windows, string problems) => Find(Sound with { Windows = Windows(windows) }).ShouldBe(problems);

    [Theory]
    [InlineData("mon 09:00-17:00", "08:59", "steps[0].at time_outside_windows")]
    [InlineData("mon 09:00-17:00", "17:00", "steps[0].at time_outside_windows")]
    [InlineData("mon 09:00-17:00", "09:00", "")]
    [InlineData("fri 22:00-02:00", "01:59", "")]
    [InlineData("fri 22:00-02:00", "02:00", "steps[0].at time_outside_windows")]
    [InlineData("mon 09:00-17:00; sat mon 18:00-19:00", "18:30", "")]
    [InlineData("sat 09:00-17:00", "10:00", "settings.windows[0] window_never_opens")] // said once
    [InlineData("", "03:00", "")]
    public void a_time_of_day_that_no_window_covers(string windows, string time, string problems) =>
        Find(Sound with { Windows = Windows(windows) }, Time(time)).ShouldBe(problems);

    [Fact]
    public void names_that_are_unknown() =>
        Find(Sound with { TimeZone = "CEST", Holidays = ["DE", "Germany"] })
            .ShouldBe("settings.timeZone unknown_time_zone,settings.holidays[1] unknown_country");

    [Theory]
    [InlineData("2027-01-03", "settings.endsOn ends_in_the_past")]
    [InlineData("2027-01-04", "")] // today in Berlin, where midnight has passed
    public void an_end_date_in_the_past(string endsOn, string problems) => Find(Sound with { EndsOn = Date(endsOn) }).ShouldBe(problems);

    private static string Find(SequenceSettings settings, params LocalTime?[] times) =>
        string.Join(',', ScheduleProblems.Find(settings, times, At("2027-01-03T23:30Z")).Select(problem => $"{problem.Field} {problem.Code}"));
}
