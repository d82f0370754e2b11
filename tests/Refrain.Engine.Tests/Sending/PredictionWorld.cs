using System.Globalization;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Access;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Loops;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Sending;

/// <summary>An email that was predicted, and what the engine then did. Null: never, as far as was watched.</summary>
internal sealed record Prediction(string Run, StepId Step, Instant AskedAt, Instant? Predicted, Instant? Real, Instant WatchedUntil, string Cause)
{
    public bool IsRight => Predicted is { } told && (told < WatchedUntil || Real is not null) ? Real is { } real && Duration.Max(told - real, real - told) < Duration.FromMinutes(1) : Real is null;

    public override string ToString() => $"{Run}, asked {AskedAt}: predicted {Predicted?.ToString() ?? "never"}, went {Real?.ToString() ?? "never"}; {Cause}";
}

/// <summary>
/// A little world drawn from a seed: mailboxes of one user with caps and gaps, sequences with windows, holidays, weights and limits, contacts in several zones. It lives
/// through the real engine, is asked in between, and remembers what it was told.
/// </summary>
internal sealed class PredictionWorld(EngineBench bench, int seed)
{
    private static readonly string?[] Zones = [null, "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu"];
    private static readonly Duration Watched = Duration.FromDays(40);
    private readonly Random chance = new(seed);
    private readonly List<EnrollmentId> runs = [];
    private readonly List<(EnrollmentId Run, StepId Step, Instant AskedAt, Instant? Predicted)> told = [];

    private const string EmailsSql = """
        select enrollment_id as Run, step_id as Step, outcome_at as At from outbound_message where status = 'accepted'
        """;

    private const string NextSql = """
        select min(at) from (select min(next_at) as at from enrollment where next_at is not null union all select min(slots_next_at) as at from mailbox) as times
        where at is not null having min(at) is not null
        """;

    public static async Task<IReadOnlyList<Prediction>> LiveAsync(DatabaseKind kind, int seed, int contacts)
    {
        await using var bench = await EngineBench.StartAsync(kind, mailbox => Limits(mailbox, new(seed)));
        return await new PredictionWorld(bench, seed).LiveAsync(contacts);
    }

    private async Task<IReadOnlyList<Prediction>> LiveAsync(int contacts)
    {
        var hours = chance.Next(3) == 0 ? new WorkingHours("Europe/London", [new(Enum.GetValues<Weekday>(), new(10, 0), new(16, 0))]) : null;
        EngineBench.Value(await bench.Get<UserChanges>().ChangeAsync(bench.Workspace, bench.User, new(DailyCap: Cap(20), WorkingHours: hours), CancellationToken.None));
        var mailboxes = new List<MailboxId> { bench.Mailbox };
        if (chance.Next(2) == 0) mailboxes.Add(await SecondMailboxAsync());
        var sequences = new List<SequenceId>();
        for (var number = chance.Next(1, 4); number > 0; number--) sequences.Add(await bench.PublishAsync(Sequence()));
        for (var left = contacts; left > 0; left--)
        {
            await EnrollAsync(sequences[chance.Next(sequences.Count)], mailboxes[chance.Next(mailboxes.Count)], $"lead{left}@{(chance.Next(2) == 0 ? "acme" : "globex")}.test");
            if (left % 10 == 0) await PassAsync(Duration.FromMinutes(chance.Next(1, 900)));
        }
        foreach (var question in Enumerable.Range(0, 3))
        {
            await AskAsync(one: 3);
            await PassAsync(Duration.FromMinutes(chance.Next(1, question == 0 ? 300 : 3000)));
        }
        await PassAsync(Watched);
        return await ComparedAsync();
    }

    private static MailboxSettings Limits(MailboxSettings mailbox, Random chance) => mailbox with
    {
        DailyCap = chance.Next(2) == 0 ? null : chance.Next(6, 13), HourlyCap = Cap(chance, 5), DomainDailyCap = Cap(chance, 6),
        MinimumGapSeconds = chance.Next(3) switch { 0 => 0, 1 => 90, _ => 400 }, GapJitterSeconds = chance.Next(2) * 75,
    };

    private static int? Cap(Random chance, int most) => chance.Next(2) == 0 ? null : chance.Next(2, most + 1);

    private int? Cap(int most) => Cap(chance, most);

    private async Task<MailboxId> SecondMailboxAsync()
    {
        var server = new MailServerSettings("127.0.0.1", 1, ConnectionSecurity.None, "bea@ours.test", "secret");
        var added = EngineBench.Value(await bench.Get<MailboxRegister>().AddAsync(
            bench.Workspace, bench.User, Limits(new("Bea", "bea@ours.test", server, server), chance), CancellationToken.None));
        MailboxId.TryParse(added.Id, out var mailbox).ShouldBeTrue();
        (await bench.Get<MailboxChecks>().CheckAsync(bench.Workspace, mailbox, CancellationToken.None)).ShouldNotBeNull();
        return mailbox;
    }

    private string Sequence()
    {
        var windows = chance.Next(4) switch
        {
            0 => "[]",
            1 => """[{"days":["mon","tue","wed","thu","fri"],"from":"09:00","to":"17:00"}]""",
            2 => """[{"days":["mon","wed","fri","sun"],"from":"22:00","to":"03:00"}]""",
            _ => """[{"days":["mon","tue","wed","thu","fri","sat"],"from":"08:00","to":"12:00"},{"days":["tue"],"from":"13:00","to":"18:30"}]""",
        };
        // A place among live contacts is looked for each minute while nobody leaves: such a sequence is over within a day.
        var live = chance.Next(4) == 0;
        var settings = string.Create(CultureInfo.InvariantCulture, $$"""
            {"windows":{{windows}},"weekdaysOnly":{{Yes(3)}},"holidays":{{(chance.Next(3) == 0 ? "[\"DE\"]" : "[]")}},"timeZone":"Europe/Berlin","useContactTimeZone":{{Yes(2)}},
            "weight":{{chance.Next(1, 4)}},"newContactsPerDay":{{Cap(6)?.ToString(CultureInfo.InvariantCulture) ?? "null"}},"maximumLive":{{(live ? "4" : "null")}},
            "lateReplyWait":{"value":{{(live ? 0 : chance.Next(3))}},"unit":"days"},"oneAtATime":false,"readd":"{{(!live && chance.Next(3) == 0 ? "any" : "when_not_active")}}","ownerHours":{{Yes(2)}},
            "stale":{"afterDays":300,"policy":"send"} }
            """);
        var steps = string.Join(',', Enumerable.Range(0, chance.Next(1, 4)).Select(_ => live ? EmailAfter(Minutes()) : Step()));
        return $$"""{"name":"Any","settings":{{settings}},"steps":[{{steps}}]}""";
    }

    private string Yes(int outOf) => chance.Next(outOf) == 0 ? "true" : "false";

    private string Step()
    {
        var delay = chance.Next(4) switch
        {
            0 => """{"value":0,"unit":"minutes"}""",
            1 => Minutes(),
            2 => string.Create(CultureInfo.InvariantCulture, $$"""{"value":{{chance.Next(1, 3)}},"unit":"days"}"""),
            _ => """{"value":1,"unit":"business_days"}""",
        };
        return chance.Next(12) switch
        {
            0 => $$"""{"kind":"reminder","delay":{{delay}},"title":"Look"}""",
            1 => $$"""{"kind":"call","delay":{{delay}},"title":"Call"}""",
            _ => EmailAfter(delay),
        };
    }

    private string Minutes() => string.Create(CultureInfo.InvariantCulture, $$"""{"value":{{chance.Next(1, 600)}},"unit":"minutes"}""");

    private static string EmailAfter(string delay) => $$"""{"kind":"email","delay":{{delay}},"subject":"Hello","text":"Hi"}""";

    private async Task EnrollAsync(SequenceId sequence, MailboxId mailbox, string email)
    {
        var created = EngineBench.Value(await bench.Get<ContactBook>().CreateAsync(
            bench.Workspace, new(email, FirstName: "Lee", TimeZone: Zones[chance.Next(Zones.Length)]), CancellationToken.None));
        ContactId.TryParse(created.Id, out var contact).ShouldBeTrue();
        for (var times = chance.Next(4) == 0 ? 2 : 1; times > 0; times--)
        {
            var answer = await bench.Get<Enrolling>().EnrollAsync(
                new(bench.Workspace, Actor.User(bench.User), bench.User, sequence, [contact], mailbox, 1, DryRun: false), CancellationToken.None);
            answer.Problems.ShouldBeEmpty();
            if (answer.Rows[0].State.IsOpen()) runs.Add(answer.Rows[0].Id!.Value);
        }
    }

    /// <summary>Asks about one in so many of the runs whose email waits for its time or a slot.</summary>
    private async Task AskAsync(int one)
    {
        foreach (var id in runs.Where(_ => chance.Next(one) == 0))
        {
            var run = await bench.FindAsync(id);
            if (run is not { State: EnrollmentState.Active or EnrollmentState.Pending, Position: { Step: { } step, Phase: Phase.Waiting or Phase.Capped } }) continue;
            var why = (await bench.Get<WhyQueries>().OfAsync(bench.Workspace, id, CancellationToken.None))!;
            // What is no email has no gate of windows.
            if (why.Gates.Any(gate => gate.Name == "window")) told.Add((id, step, bench.Now, why.PredictedAt is { } at ? Instant.FromDateTimeOffset(at) : null));
        }
    }

    /// <summary>From event to event.</summary>
    private async Task PassAsync(Duration duration)
    {
        var until = bench.Now + duration;
        await TurnAsync();
        while (await bench.Database.ReadAsync(session => session.QueryAsync<Instant>(NextSql, null, default), default) is [var next] && next <= until)
        {
            bench.Time.Advance(Duration.Max(next - bench.Now, Duration.FromMilliseconds(1)).ToTimeSpan());
            await TurnAsync();
        }
        if (until > bench.Now) bench.Time.Advance((until - bench.Now).ToTimeSpan());
        await TurnAsync();
    }

    private async Task TurnAsync()
    {
        TimeSpan advanced, sent;
        await bench.Loop<HeartbeatLoop>().TurnAsync(CancellationToken.None);
        do
        {
            advanced = await bench.Loop<AdvanceLoop>().TurnAsync(CancellationToken.None);
            sent = await bench.Loop<SendLoop>().TurnAsync(CancellationToken.None);
        }
        while (advanced == TimeSpan.Zero || sent == TimeSpan.Zero);
    }

    private async Task<IReadOnlyList<Prediction>> ComparedAsync()
    {
        var sent = (await bench.Database.ReadAsync(session => session.QueryAsync<Email>(EmailsSql, null, default), default)).ToDictionary(email => (email.Run, email.Step), email => email.At);
        var compared = new List<Prediction>();
        foreach (var (run, step, askedAt, predicted) in told)
        {
            var prediction = new Prediction($"world {seed}, run {runs.IndexOf(run)}", step, askedAt, predicted, sent.TryGetValue((run, step), out var at) ? at : null, bench.Now, "");
            compared.Add(prediction.IsRight ? prediction : prediction with { Cause = await CauseAsync(run, askedAt) });
        }
        return compared;
    }

    /// <summary>What the run's timeline says from the question on.</summary>
    private async Task<string> CauseAsync(EnrollmentId run, Instant from)
    {
        var lines = (await bench.Get<EnrollmentQueries>().EventsAsync(bench.Workspace, run, -1, 100, CancellationToken.None))!.Items;
        return string.Join(", ", lines.Where(line => Instant.FromDateTimeOffset(line.At) >= from).Take(4).Select(line => $"{line.WhyCode} {line.At:MM-dd HH:mm:ss}"));
    }

    private sealed class Email
    {
        public EnrollmentId Run { get; init; }
        public StepId Step { get; init; }
        public Instant At { get; init; }
    }
}
