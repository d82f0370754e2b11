using NodaTime;
using Refrain.Core.Schedules;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Schedules;

public sealed class HolidaysTests
{
    [Theory]
    [InlineData("DE", "2027-10-03", true)]
    [InlineData("DE", "2027-01-06", false)]
    [InlineData("DE-BY", "2027-01-06", true)]
    [InlineData("DE-BY", "2027-10-03", true)] // a part has the holidays of the whole
    [InlineData("de-by", "2027-01-06", true)]
    [InlineData("US", "2027-11-25", true)] // Thanksgiving
    [InlineData("US", "2027-07-05", true)] // 4 July is a Sunday
    [InlineData("GB", "2026-12-28", true)] // substitute for Boxing Day
    [InlineData("GB-SCT", "2026-11-30", true)]
    [InlineData("FR", "2040-07-14", true)]
    [InlineData("JP", "2027-05-05", true)]
    [InlineData("TR", "2026-03-22", true)] // the third day of a feast of three
    [InlineData("TR", "2026-03-23", false)]
    [InlineData("IS", "2026-12-24", false)] // begins at one in the afternoon
    [InlineData("IS", "2026-12-25", true)]
    [InlineData("XX", "2027-01-01", false)]
    public void public_holidays_by_country_and_part(string country, string date, bool holiday) =>
        Holidays.IsHoliday(Date(date), [country]).ShouldBe(holiday);

    [Fact]
    public void one_country_of_several_is_enough()
    {
        Holidays.IsHoliday(Date("2027-07-14"), ["DE", "FR"]).ShouldBeTrue();
        Holidays.IsHoliday(Date("2027-07-14"), []).ShouldBeFalse();
    }

    [Fact]
    public void a_part_can_lack_a_holiday_of_the_whole()
    {
        var lacking = Holidays.Countries.Where(code => code.Contains('-')).Where(code => Holidays.Of(code[..code.LastIndexOf('-')]).Except(Holidays.Of(code)).Any());
        lacking.ShouldNotBeEmpty();
    }

    [Fact]
    public void every_country_has_holidays_in_every_year()
    {
        var countries = Holidays.Countries.Where(code => !code.Contains('-')).ToList();
        countries.Count.ShouldBe(207);
        foreach (var country in countries)
            Holidays.Of(country).Select(date => date.Year).Distinct().Order().ShouldBe(Enumerable.Range(2024, 17), country);
    }

    [Fact]
    public void the_data_ends_with_2040()
    {
        Holidays.LastCovered.ShouldBe(new LocalDate(2040, 12, 31));
        Holidays.IsHoliday(new LocalDate(2041, 1, 1), ["DE"]).ShouldBeFalse();
    }

    [Fact]
    public void known_codes_are_told_from_unknown_ones()
    {
        Holidays.IsKnown("CH-ZH").ShouldBeTrue();
        Holidays.IsKnown("DE-XX").ShouldBeFalse();
    }
}
