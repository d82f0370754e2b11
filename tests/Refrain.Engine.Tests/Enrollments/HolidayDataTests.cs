using NodaTime;
using Refrain.Engine.Checkups;

namespace Refrain.Engine.Tests.Enrollments;

public sealed class HolidayDataTests
{
    [Theory]
    [InlineData(2027, Condition.Good)]
    [InlineData(2040, Condition.Notice)]
    [InlineData(2041, Condition.Wrong)]
    public void the_doctor_warns_before_the_holidays_run_out(int year, Condition condition) =>
        Checkup.HolidayData(new LocalDate(year, 1, 15)).Condition.ShouldBe(condition);
}
