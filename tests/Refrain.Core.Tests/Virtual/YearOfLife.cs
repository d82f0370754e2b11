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

    private readonly Random chance;
    private readonly VirtualEngine engine;
    private readonly List<Sequence> sequences;

    private YearOfLife(Instant start, int seed)
    {
        (chance, engine) = (new(seed), new(start));
        sequences = [.. Enumerable.Range(0, 6).Select(_ => AnySequence())];
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
        year.AddMailboxes();
        var enrolling = (end - start) * 0.6;
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

    private void AddMailboxes()
    {
        var user = new VirtualCap(26, Day);
        foreach (var (daily, hourly, gap) in new[] { (12, 5, 0), (10, 4, 90), (9, 3, 600) })
            engine.Mailboxes.Add(new([new(daily, Day), new(hourly, Hour), user], new(Duration.FromSeconds(gap), Duration.FromSeconds(gap / 2))));
        Caps.Add(new(26, Day, engine.Mailboxes));
        foreach (var (mailbox, (daily, hourly)) in engine.Mailboxes.Zip([(12, 5), (10, 4), (9, 3)]))
            Caps.AddRange([new(daily, Day, [mailbox]), new(hourly, Hour, [mailbox])]);
    }

    private void Enroll()
    {
        var (windows, weekdays, holidays) = Hours[chance.Next(Hours.Length)];
        var endsOn = chance.Next(10) == 0 ? engine.Now.InUtc().Date.PlusDays(chance.Next(5, 60)).ToString("uuuu-MM-dd", null) : null;
        engine.Enroll(
            sequences[chance.Next(sequences.Count)], Schedule(Zones[chance.Next(Zones.Length)], windows, weekdays, holidays, endsOn), engine.Mailboxes[chance.Next(engine.Mailboxes.Count)]);
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

    private Sequence AnySequence() => new(SequenceId.New(), 1, "Any", new() { Weight = chance.Next(1, 4), LateReplyWait = new(chance.Next(3), DelayUnit.Days) },
        [.. Enumerable.Range(1, chance.Next(2, 6)).Select(number => new Step(
            StepId.New(), number, number == 3 ? StepKind.Call : StepKind.Email, new(chance.Next(1, 5), chance.Next(2) == 0 ? DelayUnit.Days : DelayUnit.BusinessDays),
            chance.Next(5) == 0 ? new LocalTime(2, 30) : null))]);
}
