using System.Diagnostics;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Bench.Forecasts;

/// <summary>100,000 contacts in 24 zones through five steps: once with a daily and an hourly cap, once with a gap that gives each email a time of its own.</summary>
internal static class ForecastBench
{
    private const int Contacts = 100_000;
    private const int Limit = 10;
    private static readonly Instant Start = Instant.FromUtc(2027, 1, 4, 0, 0);

    private static readonly string[] Zones =
    [
        "Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Athens", "Europe/Moscow", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka",
        "Asia/Bangkok", "Asia/Singapore", "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney", "Pacific/Auckland", "Pacific/Honolulu", "America/Anchorage",
        "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Halifax", "America/Sao_Paulo",
    ];

    public static int Run()
    {
        var none = new SendGap(Duration.Zero, Duration.Zero);
        return Time("caps", none, hourly: 300) & Time("a gap with jitter", new(Duration.FromSeconds(15), Duration.FromSeconds(10)), hourly: null) ? 0 : 1;
    }

    private static bool Time(string what, SendGap gap, int? hourly)
    {
        var day = new SendLimit(LimitNames.MailboxDaily, 2_000, Duration.FromHours(24), []);
        IReadOnlyList<SendLimit> limits = hourly is { } cap ? [day, new(LimitNames.MailboxHourly, cap, Duration.FromHours(1), [])] : [day];
        var desk = new SlotDesk(null, [new(default, day, limits, new(gap, null), null)], new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
        var sequence = new Sequence(SequenceId.New(), 1, "Five", new() { Holidays = ["DE"] }, [.. Enumerable.Range(1, 5).Select(number => new Step(
            StepId.New(), number, StepKind.Email, number == 1 ? new(0, DelayUnit.Minutes) : new(3, DelayUnit.BusinessDays)))]);
        var waves = Zones.Select(zone => Wave.Enrolled(sequence, In(zone), default(MailboxId), "", Start, Contacts / Zones.Length)).ToList();
        waves.Add(Wave.Enrolled(sequence, In("UTC"), default(MailboxId), "", Start, Contacts - waves.Sum(wave => wave.Count)));
        var started = Stopwatch.GetTimestamp();
        var forecast = Forecaster.Run(new(Start, DateTimeZone.Utc, sequence.Id, [desk], Wave.RunsOf(waves)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"{Contacts:N0} contacts × 5 steps, {what}: {forecast.Days.Sum(day => day.Sent):N0} emails over {forecast.Days.Count:N0} days in {seconds:0.00} s (limit {Limit} s)");
        return seconds < Limit;
    }

    private static Schedule In(string zone) => new(
        DateTimeZoneProviders.Tzdb[zone],
        [new(new HashSet<IsoDayOfWeek> { IsoDayOfWeek.Monday, IsoDayOfWeek.Tuesday, IsoDayOfWeek.Wednesday, IsoDayOfWeek.Thursday, IsoDayOfWeek.Friday }, new(9, 0), new(17, 0))],
        WeekdaysOnly: true, ["DE"], EndsOn: null, DateTimeZone.Utc);
}
