using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Access;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Sending;

/// <summary>What <i>why not yet</i> predicts, against what the engine then does.</summary>
public sealed class ForesightTests
{
    private const string Office = """
        "windows":[{"days":["mon","tue","wed","thu","fri"],"from":"09:00","to":"17:00"}]
        """;

    [Theory, OnEveryDatabase]
    public async Task the_predicted_instant_is_the_real_one(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, mailbox => mailbox with { DailyCap = 20, HourlyCap = 6, MinimumGapSeconds = 90, GapJitterSeconds = 60 });
        await bench.Get<Users>().ChangeAsync(bench.Workspace, bench.User, new(DailyCap: 18), CancellationToken.None);
        SequenceId[] sequences =
        [
            await bench.PublishAsync(Sequence("Heavy", $"{Office},\"weight\":3", "minutes", 0)),
            await bench.PublishAsync(Sequence("Few", $"{Office},\"newContactsPerDay\":3", "hours", 2)),
            await bench.PublishAsync(Sequence("Night", "\"windows\":[{\"days\":[\"mon\",\"tue\",\"wed\"],\"from\":\"16:00\",\"to\":\"02:00\"}]", "minutes", 30)),
        ];
        var random = new Random(20270104);
        var runs = new Dictionary<string, EnrollmentId>(StringComparer.Ordinal);
        for (var number = 0; number < 60; number++)
        {
            var address = $"lead{number}@acme.test";
            runs[address] = await bench.EnrollAsync(sequences[random.Next(sequences.Length)], address);
            if (number % 20 == 19) await bench.PassAsync(Duration.FromMinutes(random.Next(1, 90)));
        }
        await bench.SettleAsync();

        var predicted = new Dictionary<string, Instant>(StringComparer.Ordinal);
        foreach (var (address, run) in runs)
            if ((await bench.Get<WhyQueries>().OfAsync(bench.Workspace, run, CancellationToken.None))!.PredictedAt is { } at)
                predicted[address] = Instant.FromDateTimeOffset(at);
        predicted.Count.ShouldBe(runs.Count);

        var misses = Misses(predicted, await PlayAsync(bench, predicted.Keys));
        misses.Count.ShouldBeLessThanOrEqualTo(predicted.Count / 100, string.Join('\n', misses));
    }

    [Theory, OnEveryDatabase]
    public async Task who_waits_is_told_which_limit_and_when(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 1);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        await bench.EnrollAsync(sequence, "a@acme.test");
        await bench.SettleAsync();
        var second = await bench.EnrollAsync(sequence, "b@acme.test");
        var third = await bench.EnrollAsync(sequence, "c@acme.test");
        await bench.SettleAsync();

        var why = (await bench.Get<WhyQueries>().OfAsync(bench.Workspace, third, CancellationToken.None))!;
        why.State.ShouldBe("pending");
        why.Sentence.ShouldContain("mailbox daily is used up (1 of 1)");
        var throttle = why.Gates.Single(gate => gate.Name == "throttle");
        throttle.Verdict.ShouldBe(GateVerdict.Hold);
        throttle.Since.ShouldNotBeNull();
        throttle.Until.ShouldBe(why.PredictedAt);
        why.Gates.Select(gate => gate.Name).ShouldBe(
            ["suppression", "state", "predecessor", "sequence_paused", "end_date", "window", "throttle", "mailbox_health", "inbox_fresh"]);
        var before = (await bench.Get<WhyQueries>().OfAsync(bench.Workspace, second, CancellationToken.None))!;
        (why.PredictedAt!.Value - before.PredictedAt!.Value).ShouldBe(TimeSpan.FromMinutes((24 * 60) + 1), TimeSpan.FromMinutes(1));
    }

    [Theory, OnEveryDatabase]
    public async Task a_pause_with_a_date_is_part_of_the_prediction(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromHours(24));
        await bench.SignalAsync(run, _ => new Core.Enrollments.Paused(bench.Now, Core.Enrollments.Actor.User(bench.User), bench.Now + Duration.FromDays(10)));
        var predicted = (await bench.Get<WhyQueries>().OfAsync(bench.Workspace, run, CancellationToken.None))!.PredictedAt!.Value;
        Instant.FromDateTimeOffset(predicted).ShouldBe(bench.Now + Duration.FromDays(11));
    }

    [Theory, OnEveryDatabase]
    public async Task no_lane_starves_and_first_steps_have_their_share(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 10);
        var old = await bench.PublishAsync(Sequence("Old", "\"weight\":4", "minutes", 0));
        for (var number = 0; number < 30; number++) await bench.EnrollAsync(old, $"old{number}@acme.test");
        await PlayAsync(bench, Duration.FromDays(3));
        var fresh = await bench.PublishAsync(Sequence("New", "\"weight\":1", "minutes", 0));
        for (var number = 0; number < 10; number++) await bench.EnrollAsync(fresh, $"new{number}@acme.test");
        var before = bench.Mail.Accepted.Count;
        await PlayAsync(bench, Duration.FromDays(6));

        // Follow-ups of the old sequence come due all the time: the new one still has its share, and nobody waits for ever.
        var since = bench.Mail.Accepted.Skip(before).ToList();
        var firsts = since.Count(mail => mail.Subject == "First");
        (firsts / (double)since.Count).ShouldBeGreaterThanOrEqualTo(0.3);
        since.Count(mail => mail.ToAddress.StartsWith("new", StringComparison.Ordinal)).ShouldBeGreaterThan(2);
        await PlayAsync(bench, Duration.FromDays(20));
        bench.Mail.Accepted.Count.ShouldBe(80);
        (await bench.Database.ReadAsync(session => session.FirstAsync<int>("select count(*) from enrollment where state = 'pending'", null, default), default)).ShouldBe(0);
    }

    private static string Sequence(string name, string settings, string unit, int delay) => $$"""
        {"name":"{{name}}","settings":{{{settings}}},"steps":[
            {"kind":"email","delay":{"value":{{delay}},"unit":"{{unit}}"},"subject":"First","text":"One"},
            {"kind":"email","delay":{"value":1,"unit":"days"},"subject":"Later","text":"Two"}]}
        """;

    private static List<string> Misses(Dictionary<string, Instant> predicted, Dictionary<string, Instant> real) =>
        [.. predicted.Where(one => !real.TryGetValue(one.Key, out var at) || Duration.Max(at - one.Value, one.Value - at) > Duration.FromMinutes(1))
            .Select(one => $"{one.Key}: predicted {one.Value}, {(real.TryGetValue(one.Key, out var at) ? $"went {at}" : "never went")}")];

    /// <summary>Runs from event to event; when each of these got its next email.</summary>
    private static async Task<Dictionary<string, Instant>> PlayAsync(EngineBench bench, ICollection<string> addresses)
    {
        var (real, seen) = (new Dictionary<string, Instant>(StringComparer.Ordinal), bench.Mail.Accepted.Count);
        while (real.Count < addresses.Count && await LeapAsync(bench))
        {
            foreach (var mail in bench.Mail.Accepted.Skip(seen)) real.TryAdd(mail.ToAddress, bench.Now);
            seen = bench.Mail.Accepted.Count;
        }
        return real;
    }

    private static async Task PlayAsync(EngineBench bench, Duration duration)
    {
        var until = bench.Now + duration;
        while (bench.Now < until && await LeapAsync(bench)) { }
    }

    private static async Task<bool> LeapAsync(EngineBench bench)
    {
        const string NextSql = """
            select min(at) from (select min(next_at) as at from enrollment where next_at is not null union all select min(slots_next_at) as at from mailbox) as times
            where at is not null having min(at) is not null
            """;
        var next = await bench.Database.ReadAsync(session => session.QueryAsync<Instant>(NextSql, null, default), default);
        if (next.Count == 0) return false;
        await bench.PassAsync(Duration.Max(next[0] - bench.Now, Duration.FromMilliseconds(1)));
        return true;
    }
}
