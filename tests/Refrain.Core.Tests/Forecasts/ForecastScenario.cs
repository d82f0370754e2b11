using CsCheck;
using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Forecasts;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Tests.Virtual;
using Refrain.Core.Throttles;
using static Refrain.Core.Tests.Schedules.ScheduleText;

namespace Refrain.Core.Tests.Forecasts;

/// <summary>A random little world: two sequences, two mailboxes of one user, contacts in several zones.</summary>
internal sealed record ForecastScenario(
    IReadOnlyList<Sequence> Sequences, IReadOnlyList<Schedule> Schedules, int? UserCap, int? DailyCap, int? HourlyCap, RampUp? Ramp, SendGap Gap,
    int? DomainCap, IReadOnlyList<(int Sequence, int Zone, int Mailbox, int Count)> Groups, int MinutesBefore)
{
    public static Instant Start { get; } = At("2027-03-26T06:00Z");
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"];
    private static readonly string[] Windows = ["", "mon tue wed thu fri 09:00-17:00", "daily 22:00-02:00; sat 08:00-12:00", "daily 02:15-02:45; daily 13:00-14:00"];

    private static readonly Gen<StepDelay> Delays = Gen.OneOf(
        Gen.Const(new StepDelay(0, DelayUnit.Minutes)), Gen.Int[1, 400].Select(value => new StepDelay(value, DelayUnit.Minutes)),
        Gen.Int[1, 3].Select(value => new StepDelay(value, DelayUnit.Days)), Gen.Int[1, 2].Select(value => new StepDelay(value, DelayUnit.BusinessDays)));

    private static readonly Gen<Step> Steps = Gen.Select(Delays, Gen.Int[0, 9], Gen.Int[0, 5], (delay, kind, time) => new Step(
        StepId.New(), 0, kind < 7 ? StepKind.Email : kind == 7 ? StepKind.Todo : kind == 8 ? StepKind.Reminder : StepKind.ManualEmail, delay,
        time == 0 ? Time("13:30") : null));

    private static readonly Gen<Sequence> AnySequence = Gen.Select(Steps.Array[1, 4], Gen.Int[1, 3], Gen.Int[0, 2], Caps(4), Caps(5), (steps, weight, wait, fresh, live) => new Sequence(
        SequenceId.New(), 1, "Any", new() { Weight = weight, LateReplyWait = new(wait, DelayUnit.Days), NewContactsPerDay = fresh, MaximumLive = live }, [.. steps.Select((step, index) => step with { Number = index + 1 })]));

    private static readonly Gen<Schedule[]> AnySchedules = Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 3], (windows, weekdays, end) => Zones
        .Select(zone => Schedule(zone, Windows[windows], weekdays, end == 1 ? ["DE"] : null, end == 0 ? "2027-04-02" : null)).ToArray());

    public static Gen<ForecastScenario> Any { get; } = Gen.Select(
        AnySequence.Array[2], AnySchedules, Caps(12), Caps(6), Caps(3),
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Caps(4)), Gen.Select(Gen.Int[0, 1], Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[1, 6]).Array[1, 5], Gen.Int[0, 4000],
        (sequences, schedules, user, daily, hourly, more, groups, before) => new ForecastScenario(
            sequences, schedules, user, daily, hourly, more.Item1 == 0 ? new(new(2027, 3, 26), 1, 1, 5) : null, Gaps(more.Item2), more.Item3, groups, before));

    /// <summary>The world at its start, every contact enrolled.</summary>
    public VirtualEngine Engine()
    {
        var mailboxes = Enumerable.Range(0, 2).Select(_ => new VirtualMailbox(MailboxId.New(), DailyCap, HourlyCap, Gap, Ramp, DomainCap)).ToList();
        var engine = new VirtualEngine(Start, new(mailboxes, UserCap));
        foreach (var (sequence, zone, mailbox, count) in Groups)
        {
            for (var one = 0; one < count; one++)
                engine.Enroll(Sequences[sequence], Schedules[zone], mailboxes[mailbox], $"d{one % 2}.test");
        }
        return engine;
    }

    /// <summary>What a forecast is told of the world at an instant.</summary>
    public ForecastPlan Plan(VirtualEngine engine) => new(
        engine.Now, Zone("Europe/Berlin"), Sequences[0].Id, [engine.EmptyDesk()],
        [.. engine.Runs.Where(run => run.Enrollment.IsOpen).Select(run => Told(run, engine.Waiting.Contains(run)))]);

    private static OutlookRun Told(VirtualRun run, bool waits)
    {
        var place = run.Enrollment.Position;
        var capped = place.Phase == Phase.Capped;
        return new(
            run.Enrollment.Id, run.Mailbox.Id, run.Sequence, place.Step ?? run.Sequence.Steps[^1].Id, run.Schedule, run.Domain, capped ? place.DueAt!.Value : place.NextAt!.Value,
            run.Enrollment.EmailsSent > 0, WaitsIn: capped ? LaneKey.Of(run.Request, place.Cap!).Limit : null, Promise: run.GoodPromise)
        {
            Through = place.Step is null, Due = place.DueAt, IsWaiting = waits,
        };
    }

    private static SendGap Gaps(int which) => which switch
    {
        0 => new(Duration.FromMinutes(7), Duration.Zero),
        1 => new(Duration.FromSeconds(90), Duration.FromMinutes(2)),
        _ => new(Duration.Zero, Duration.Zero),
    };

    // A third of the worlds lack the cap.
    private static Gen<int?> Caps(int most) => Gen.Int[-most / 2, most].Select(cap => cap < 1 ? (int?)null : cap);
}
