using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Tasks;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;
using Enrollment = Refrain.Core.Enrollments.Enrollment;

namespace Refrain.Engine.Tests.Sending;

/// <summary>Fourteen days without an engine. When it comes back, caps hold, and what is long overdue is sent, skipped or asked about as its sequence says.</summary>
public sealed class OutageTests
{
    private const int Cap = 6;
    private const int Contacts = 10;
    private static readonly Duration Outage = Duration.FromDays(14);

    [Theory]
    [OnEveryDatabase("send", 20, 0)]
    [OnEveryDatabase("skip", 14, 0)]
    [OnEveryDatabase("ask", 14, 6)]
    public async Task after_an_outage_there_is_no_flood_and_what_is_late_goes_by_its_policy(DatabaseKind database, string policy, int sent, int asked)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: Cap);
        var runs = await EnrollAsync(bench, await bench.PublishAsync(Sequence(policy)), Contacts);
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(Cap, "the cap was full before the outage: six were sent, four waited");

        bench.Time.Advance(Outage.ToTimeSpan());
        await using var back = bench.StartSecondProcess();
        var times = await WatchAsync(back, Duration.FromDays(9));

        times.Count.ShouldBe(sent);
        ShouldKeepTheCap(times);
        var late = (await FindAsync(back, runs)).Where(run => run.IsOpen).ToList();
        late.Count.ShouldBe(asked);
        late.ShouldAllBe(run => run.State == EnrollmentState.Pending && run.Why.Code == "stale");
    }

    [Theory, OnEveryDatabase]
    public async Task who_is_asked_about_a_late_step_sends_it_or_skips_it(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var runs = await EnrollAsync(bench, await bench.PublishAsync(Sequence("ask")), 2);
        await bench.SettleAsync();
        bench.Time.Advance(Outage.ToTimeSpan());
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(2);

        var tasks = (await bench.Get<TaskQueries>().ListAsync(bench.Workspace, new(Kind: Contracts.TaskKind.Stale), TaskCursor.Start, 10, CancellationToken.None)).Items;
        tasks.Count.ShouldBe(2);
        await bench.SignalAsync(runs[0], run => new TaskCompleted(bench.Now, Actor.User(bench.User), run.Position.Task!.Value));
        await bench.SignalAsync(runs[1], run => new TaskSkipped(bench.Now, Actor.User(bench.User), run.Position.Task!.Value));
        await bench.SettleAsync();

        bench.Mail.Accepted.Skip(2).ShouldHaveSingleItem().ToAddress.ShouldBe("c0@there.test");
        (await FindAsync(bench, runs)).ShouldAllBe(run => !run.IsOpen);
    }

    [Theory, OnEveryDatabase]
    public async Task to_wait_for_a_slot_is_no_lateness(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 1);
        await EnrollAsync(bench, await bench.PublishAsync(SampleSequences.OneEmail), 9);
        (await WatchAsync(bench, Duration.FromDays(10))).Count.ShouldBe(9);
    }

    private static string Sequence(string policy) => $$$"""
        {"name":"Two","settings":{"stale":{"afterDays":5,"policy":"{{{policy}}}"}},"steps":[
            {"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"First"},
            {"kind":"email","delay":{"value":2,"unit":"days"},"subject":"Again","text":"Second"}]}
        """;

    private static async Task<List<EnrollmentId>> EnrollAsync(EngineBench bench, SequenceId sequence, int count)
    {
        var runs = new List<EnrollmentId>();
        for (var number = 0; number < count; number++) runs.Add(await bench.EnrollAsync(sequence, $"c{number}@there.test"));
        return runs;
    }

    /// <summary>Lets the clock run; gives the instants of all emails that were accepted, those of before the outage included.</summary>
    private static async Task<List<Instant>> WatchAsync(EngineBench bench, Duration duration)
    {
        var times = bench.Mail.Accepted.Select(_ => Instant.FromUtc(2027, 1, 4, 9, 0)).ToList();
        for (var end = bench.Now + duration; bench.Now < end;)
        {
            await bench.PassAsync(Duration.FromMinutes(30));
            times.AddRange(Enumerable.Repeat(bench.Now, bench.Mail.Accepted.Count - times.Count));
        }
        return times;
    }

    private static void ShouldKeepTheCap(List<Instant> times)
    {
        for (var newest = Cap; newest < times.Count; newest++)
            (times[newest] - times[newest - Cap]).ShouldBeGreaterThanOrEqualTo(Duration.FromHours(24));
    }

    private static async Task<List<Enrollment>> FindAsync(EngineBench bench, IEnumerable<EnrollmentId> runs)
    {
        var found = new List<Enrollment>();
        foreach (var run in runs) found.Add(await bench.FindAsync(run));
        return found;
    }
}
