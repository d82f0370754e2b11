using CsCheck;
using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

/// <summary>Weeks of random runs under random limits on a virtual clock, looked over by a checker that knows nothing of budgets.</summary>
public sealed class SlotDeskProperties
{
    private static readonly Instant Start = Instant.FromUtc(2027, 1, 4, 6, 0);
    private static readonly Duration Day = Duration.FromHours(24);

    private sealed record Limits(int Daily, int Hourly, int UserDaily, int NewContacts, int Live, int Domain, int GapSeconds);

    private sealed record Case(Limits Limits, int[] Weights, (int Sequence, int Mailbox, int Domain, int Minute)[] Arrivals);

    private static readonly Gen<Case> Cases = Gen.Select(
        Gen.Select(Gen.Int[5, 30], Gen.Int[2, 5], Gen.Int[8, 50], Gen.Int[2, 12], Gen.Int[3, 25], Gen.Int[2, 10], Gen.Int[0, 3].Select(kind => new[] { 0, 0, 60, 900 }[kind]))
            .Select((daily, hourly, user, fresh, live, domain, gap) => new Limits(daily, hourly, user, fresh, live, domain, gap)),
        Gen.Int[1, 4].Array[3],
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 2], Gen.Int[0, 3000]).Array[1, 60],
        (limits, weights, arrivals) => new Case(limits, weights, arrivals));

    [Fact]
    public void no_limit_is_ever_exceeded_and_nothing_leaves_its_window() => Cases.Sample(
        one =>
        {
            var world = World.Of(one);
            var sent = world.Play();
            foreach (var mailbox in sent.GroupBy(send => send.Mailbox))
            {
                AtMost(one.Limits.Daily, Day, mailbox);
                AtMost(one.Limits.Hourly, Duration.FromHours(1), mailbox);
                foreach (var domain in mailbox.GroupBy(send => send.Domain)) AtMost(one.Limits.Domain, Day, domain);
                foreach (var (before, after) in mailbox.Zip(mailbox.Skip(1))) (after.At - before.At).ShouldBeGreaterThanOrEqualTo(Duration.FromSeconds(one.Limits.GapSeconds));
            }
            AtMost(one.Limits.UserDaily, Day, sent);
            foreach (var sequence in sent.Where(send => send.First).GroupBy(send => send.Sequence)) AtMost(one.Limits.NewContacts, Day, sequence);
            sent.ShouldAllBe(send => NextSlot.IsOpen(send.At, World.Hours));
        },
        iter: 200);

    [Fact]
    public void everybody_goes_through_all_steps_once() => Cases.Sample(
        one =>
        {
            var sent = World.Of(one).Play();
            sent.Count.ShouldBe(2 * one.Arrivals.Length);
            sent.Select(send => (send.Run, send.First)).Distinct().Count().ShouldBe(sent.Count);
        },
        iter: 200);

    [Fact]
    public void no_more_are_live_at_once_than_the_sequence_allows() => Cases.Sample(
        one =>
        {
            foreach (var sequence in World.Of(one).Play().GroupBy(send => send.Sequence))
            {
                var runs = sequence.GroupBy(send => send.Run).Select(run => (From: run.First().At, To: run.Last().At)).ToList();
                foreach (var run in runs) runs.Count(other => other.From <= run.From && other.To > run.From).ShouldBeLessThanOrEqualTo(one.Limits.Live);
            }
        },
        iter: 100);

    private static void AtMost(int cap, Duration window, IEnumerable<Send> sends)
    {
        var times = sends.Select(send => send.At).Order().ToList();
        for (var index = 0; index + cap < times.Count; index++) (times[index + cap] - times[index]).ShouldBeGreaterThanOrEqualTo(window);
    }

    private sealed record Send(EnrollmentId Run, MailboxId Mailbox, SequenceId Sequence, string Domain, bool First, Instant At);

    private sealed record World(SlotDesk Desk, IReadOnlyList<OutlookRun> Runs)
    {
        public static readonly Schedule Hours = new(
            DateTimeZone.Utc, [new(new HashSet<IsoDayOfWeek>(Enum.GetValues<IsoDayOfWeek>().Where(day => day is not IsoDayOfWeek.None)), new(8, 0), new(18, 0))],
            WeekdaysOnly: true, [], null, DateTimeZone.Utc);

        public static World Of(Case one)
        {
            var sequences = one.Weights.Select((weight, index) => Sample(index, weight)).ToList();
            var firstSteps = sequences.ToDictionary(sequence => sequence.Id, IReadOnlyList<SendLimit> (_) =>
                [new(LimitNames.SequenceNewContacts, one.Limits.NewContacts, Day, []), new(LimitNames.SequenceLive, one.Limits.Live, null, [])]);
            var mailboxes = Enumerable.Range(0, 2).Select(index => Mailbox(index, one.Limits)).ToList();
            var desk = new SlotDesk(new(LimitNames.UserDaily, one.Limits.UserDaily, Day, []), mailboxes, firstSteps, FairQueue.Empty);
            return new(desk, [.. one.Arrivals.Select((arrival, index) => Run(arrival, index, sequences, mailboxes))]);
        }

        public List<Send> Play()
        {
            var runs = Runs.ToDictionary(run => run.Id);
            return [.. new SendingOutlook([Desk], Runs, Start).Sends(Start + Duration.FromDays(400)).Select(seen => (seen, run: runs[seen.Run.Id])).Select(one => new Send(
                one.run.Id, one.run.Mailbox, one.run.Sequence.Id, one.run.Domain, one.seen.Step == one.run.Step, one.seen.At))];
        }

        private static OutlookRun Run((int Sequence, int Mailbox, int Domain, int Minute) arrival, int index, List<Sequence> sequences, List<MailboxDesk> mailboxes)
        {
            var sequence = sequences[arrival.Sequence];
            var at = NextSlot.At(Start + Duration.FromMinutes(arrival.Minute), null, Hours)!.Value;
            return new(new(new Guid(index + 1, 0, 0, [1, 2, 3, 4, 5, 6, 7, (byte)index])), mailboxes[arrival.Mailbox].Id, sequence, sequence.Steps[0].Id, Hours, $"d{arrival.Domain}.test", at, false);
        }

        private static MailboxDesk Mailbox(int index, Limits limits)
        {
            var day = new SendLimit(LimitNames.MailboxDaily, limits.Daily, Day, []);
            var gap = new SendGap(Duration.FromSeconds(limits.GapSeconds), Duration.FromSeconds(limits.GapSeconds / 2));
            var desk = new MailboxDesk(new(new Guid(index + 1, 0, 0, new byte[8])), day, [day, new(LimitNames.MailboxHourly, limits.Hourly, Duration.FromHours(1), [])], new(gap, null), null);
            for (var domain = 0; domain < 3; domain++) desk.Domains[$"d{domain}.test"] = new(LimitNames.DomainDaily, limits.Domain, Day, []);
            return desk;
        }

        private static Sequence Sample(int index, int weight) => new(
            new(new Guid(index + 1, 1, 0, new byte[8])), 1, $"Sequence {index}", new() { Weight = weight },
            [.. Enumerable.Range(1, 2).Select(number => new Step(
                new(new Guid(index + 1, 2, (short)number, new byte[8])), number, StepKind.Email, new(number == 1 ? 0 : 2, DelayUnit.Days)))]);
    }
}
