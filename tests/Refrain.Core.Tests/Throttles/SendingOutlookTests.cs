using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

/// <summary>The outlook leaps from event to event; a plain engine that looks at everything once a minute has to do the same at the same minute.</summary>
public sealed class SendingOutlookTests
{
    private const int Runs = 10_000;
    private static readonly Instant Start = Instant.FromUtc(2027, 1, 4, 6, 0);
    private static readonly Duration Day = Duration.FromHours(24);
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"];

    [Fact]
    public void of_ten_thousand_random_runs_ninety_nine_in_a_hundred_go_at_the_foreseen_minute()
    {
        var foreseen = new SendingOutlook(Desk(), Sample(), Start).Play(Start + Duration.FromDays(60)).ToDictionary(one => (one.Run, one.Step), one => one.At);
        var real = Plain(Desk(), Sample(), Start + Duration.FromDays(60));
        var misses = real.Where(one => !foreseen.TryGetValue(one.Key, out var at) || Duration.Max(at - one.Value, one.Value - at) > Duration.FromMinutes(1)).ToList();

        real.Count.ShouldBeGreaterThan(Runs);
        misses.Count.ShouldBeLessThanOrEqualTo(real.Count / 100,
            string.Join('\n', misses.Take(20).Select(one => $"{one.Key}: foreseen {foreseen.GetValueOrDefault(one.Key)}, went {one.Value}")));
    }

    private static SlotDesk Desk()
    {
        var mailboxes = Enumerable.Range(1, 3).Select(number =>
        {
            var day = new SendLimit(LimitNames.MailboxDaily, 250, Day, []);
            return new MailboxDesk(new(new Guid(number, 0, 0, new byte[8])), day, [day, new(LimitNames.MailboxHourly, 60, Duration.FromHours(1), [])],
                new(new(Duration.Zero, Duration.Zero), null), null);
        });
        return new(new(LimitNames.UserDaily, 700, Day, []), mailboxes, new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
    }

    private static List<OutlookRun> Sample()
    {
        var random = new Random(20270104);
        var sequences = Enumerable.Range(1, 4).Select(number => new Sequence(
            new(new Guid(number, 1, 0, new byte[8])), 1, $"Sequence {number}", new() { Weight = number },
            [.. Enumerable.Range(1, 2).Select(step => new Step(new(new Guid(number, 2, (short)step, new byte[8])), step, StepKind.Email, new(step == 1 ? 0 : 3, DelayUnit.BusinessDays)))])).ToList();
        return [.. Enumerable.Range(1, Runs).Select(number =>
        {
            var sequence = sequences[random.Next(sequences.Count)];
            var hours = Hours(Zones[random.Next(Zones.Length)]);
            var at = NextSlot.At(Start + Duration.FromMinutes(random.Next(5 * 24 * 60)), null, hours)!.Value;
            return new OutlookRun(new(new Guid(number, 0, 0, new byte[8])), new(new Guid(random.Next(1, 4), 0, 0, new byte[8])), sequence, sequence.Steps[0].Id, hours, "acme.test", at, HasSent: false);
        })];
    }

    private static Schedule Hours(string zone) => new(
        DateTimeZoneProviders.Tzdb[zone], [new(new HashSet<IsoDayOfWeek>(Enum.GetValues<IsoDayOfWeek>().Where(day => day is not IsoDayOfWeek.None)), new(9, 0), new(17, 0))],
        WeekdaysOnly: true, ["DE"], null, DateTimeZone.Utc);

    /// <summary>Once a minute: whoever may be let through, then whatever is due.</summary>
    private static Dictionary<(EnrollmentId Run, StepId Step), Instant> Plain(SlotDesk desk, List<OutlookRun> runs, Instant until)
    {
        var went = new Dictionary<(EnrollmentId, StepId), Instant>();
        var all = runs.ToDictionary(run => run.Id);
        var waiting = new SortedDictionary<Instant, SortedSet<Guid>>();
        foreach (var run in runs) Put(run.Id, run.At);
        for (var now = Start; now < until; now += Duration.FromMinutes(1))
        {
            while (desk.Release(now) is { } released) TakeUp(all[released.Run.Run] with { At = now, Promise = released.Promise }, now);
            while (waiting.Count > 0 && waiting.First() is var first && first.Key <= now)
            {
                waiting.Remove(first.Key);
                foreach (var id in first.Value) TakeUp(all[new(id)], now);
            }
        }
        return went;

        void Put(EnrollmentId id, Instant at)
        {
            if (!waiting.TryGetValue(at, out var same)) waiting[at] = same = [];
            same.Add(id.Value);
        }

        void TakeUp(OutlookRun run, Instant now)
        {
            var request = new SlotRequest(run.Id, run.Mailbox, run.Sequence, run.HasSent ? SlotKind.FollowUp : SlotKind.FirstStep, run.Domain, run.Schedule, run.Promise);
            if (desk.Ask(request, now) is SlotAnswer.Wait wait)
            {
                all[run.Id] = run with { Promise = null };
                desk.Enqueue(request, wait, run.At);
                return;
            }
            desk.Take(request, now);
            went[(run.Id, run.Step)] = now;
            if (run.Sequence.After(run.Step) is not { } next) return;
            var at = NextSlot.At(NextSlot.DelayEnds(now, next.Delay, run.Schedule), null, run.Schedule)!.Value;
            all[run.Id] = run with { Step = next.Id, At = at, HasSent = true, Promise = null };
            Put(run.Id, at);
        }
    }
}
