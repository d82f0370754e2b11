using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Virtual;

/// <summary>A hold, as whoever caused it remembers it.</summary>
internal sealed record LivedHold(VirtualRun Run, Instant From, Instant Until, bool Absence);

/// <summary>A cap, as whoever set it remembers it.</summary>
internal sealed record LivedCap(int Limit, Duration Window, IReadOnlyList<VirtualMailbox> Mailboxes);

/// <summary>
/// What happened in a year to contacts in many zones: they are enrolled on any day, paused, away, reply, opt out; windows, holidays and end dates
/// differ, three mailboxes share a user's cap. It remembers causes and effects, and judges nothing.
/// </summary>
internal sealed class YearOfLife
{
    private static readonly Duration Day = Duration.FromHours(24);
    private static readonly Duration Hour = Duration.FromHours(1);

    private static readonly string[] Zones =
    [
        "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "America/Havana", "Asia/Kolkata", "UTC",
    ];

    private static readonly (string Windows, bool Weekdays, string[] Holidays)[] Hours =
    [
        ("mon tue wed thu fri 09:00-12:00; mon tue wed thu fri 13:00-17:00", true, ["DE"]), ("", true, ["US"]), ("daily 22:00-03:00", false, []),
        ("thu 08:00-18:00; sun 01:30-03:30", false, ["DE", "FR"]), ("", false, []),
    ];

    private const int UserCap = 26;
    private static readonly (int Daily, int Hourly, int Gap)[] Throttles = [(12, 5, 0), (10, 4, 90), (9, 3, 600)];

    private readonly Random chance;
    private readonly VirtualEngine engine;
    private readonly List<Sequence> sequences;
    private readonly Dictionary<(int, string), Schedule> schedules = [];

    private YearOfLife(Instant start, int seed)
    {
        (chance, engine) = (new(seed), new(start, new([.. Mailboxes()], UserCap)));
        sequences = [.. Enumerable.Range(1, 8).Select(AnySequence)];
    }

    public IReadOnlyList<VirtualRun> Runs => engine.Runs;
    public IReadOnlyList<VirtualSend> Sends => engine.Sends;
    public List<LivedHold> Holds { get; } = [];
    public List<LivedCap> Caps { get; } = [];

    /// <summary>How many waited for a slot at one time or another.</summary>
    public int Capped => engine.CappedRuns.Count;

    public static YearOfLife Live(Instant start, Instant end, int runs, int seed)
    {
        var year = new YearOfLife(start, seed);
        year.NameCaps();
        var enrolling = (end - start) * 0.8;
        var arrivals = Enumerable.Range(0, runs).Select(_ => start + (enrolling * year.chance.NextDouble())).Order().ToList();
        var next = 0;
        for (var at = start; at < end; at += Duration.FromHours(7))
        {
            for (; next < runs && arrivals[next] <= at; next++)
                year.Enroll();
            for (var events = 0; events < 2; events++)
                year.HappenSomething();
            year.engine.RunUntil(Instant.Min(end, at + Duration.FromHours(7)));
        }
        return year;
    }

    private static IEnumerable<VirtualMailbox> Mailboxes() => Throttles.Select((one, index) => new VirtualMailbox(
        new(new Guid(index + 1, 0, 0, new byte[8])), one.Daily, one.Hourly, new(Duration.FromSeconds(one.Gap), Duration.FromSeconds(one.Gap / 2))));

    private void NameCaps()
    {
        Caps.Add(new(UserCap, Day, engine.Mailboxes));
        foreach (var (mailbox, (daily, hourly, _)) in engine.Mailboxes.Zip(Throttles))
            Caps.AddRange([new(daily, Day, [mailbox]), new(hourly, Hour, [mailbox])]);
    }

    private void Enroll()
    {
        var (sequence, zone) = (chance.Next(sequences.Count), Zones[chance.Next(Zones.Length)]);
        engine.Enroll(sequences[sequence], ScheduleOf(sequence, zone), engine.Mailboxes[chance.Next(engine.Mailboxes.Count)], $"d{chance.Next(4)}.test");
    }

    // Hours belong to the sequence, as they do where it is published.
    private Schedule ScheduleOf(int sequence, string zone)
    {
        var (windows, weekdays, holidays) = Hours[sequence % Hours.Length];
        if (!schedules.TryGetValue((sequence, zone), out var schedule))
            schedules[(sequence, zone)] = schedule = Schedule(zone, windows, weekdays, holidays, sequence == 6 ? "2027-05-14" : null);
        return schedule;
    }

    private void HappenSomething()
    {
        var open = engine.Runs.FindAll(run => run.Enrollment.IsOpen);
        if (open.Count == 0)
            return;
        var run = open[chance.Next(open.Count)];
        var until = engine.Now + Duration.FromHours(chance.Next(5, 24 * 12));
        switch (chance.Next(12))
        {
            case < 6 when run.Enrollment.Pause is null && run.Enrollment.Absence is null:
                Holds.Add(new(run, engine.Now, until, Absence: false));
                engine.Happen(run, new Paused(engine.Now, Actor.Engine, until));
                break;
            case < 10 when run.Enrollment.Pause is null && run.Enrollment.Absence is null:
                Holds.Add(new(run, engine.Now, until, Absence: true));
                engine.Happen(run, new AbsenceStarted(engine.Now, until, Dated: true));
                break;
            case 10:
                engine.Happen(run, new Replied(engine.Now, ToOwnMessage: true));
                break;
            case 11:
                engine.Happen(run, new OptedOut(engine.Now, Actor.Contact, OptOutSource.Link, OwnMessage: true));
                break;
        }
    }

    private Sequence AnySequence(int id) => new(new(new Guid(id, 0, 0, new byte[8])), 1, "Any", new() { Weight = chance.Next(1, 4), LateReplyWait = new(chance.Next(3), DelayUnit.Days) },
        [.. Enumerable.Range(1, chance.Next(2, 6)).Select(number => new Step(
            new(new Guid(id, (short)number, 0, new byte[8])), number, number == 3 ? StepKind.Call : StepKind.Email, new(chance.Next(1, 5), chance.Next(2) == 0 ? DelayUnit.Days : DelayUnit.BusinessDays),
            chance.Next(5) == 0 ? new LocalTime(2, 30) : null))]);
}
