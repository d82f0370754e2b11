using NodaTime;
using Refrain.Core;
using Refrain.Core.Sending;
using Refrain.Engine.Access;
using Refrain.Engine.Sequences;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;
using Enrollment = Refrain.Core.Enrollments.Enrollment;
using EnrollmentState = Refrain.Core.Enrollments.EnrollmentState;

namespace Refrain.Engine.Tests.Sending;

public sealed class ThrottleTests
{
    [Theory, OnEveryDatabase]
    public async Task a_users_cap_counts_all_his_mailboxes_and_is_named(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await bench.Get<Users>().ChangeAsync(bench.Workspace, bench.User, new(DailyCap: 2), CancellationToken.None);
        var runs = await EnrollAsync(bench, await bench.PublishAsync(SampleSequences.OneEmail), 3);
        await bench.SettleAsync();

        bench.Mail.Accepted.Count.ShouldBe(2);
        var waiting = (await FindAsync(bench, runs)).Single(run => run.State == EnrollmentState.Pending);
        waiting.Position.Cap!.Name.ShouldBe("user_daily");
        waiting.Why.Sentence.ShouldContain("2 of 2");
    }

    [Theory, OnEveryDatabase]
    public async Task a_step_that_comes_due_at_once_does_not_overtake_who_waits_by_the_slot_of_the_step_before(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 2);
        var one = await bench.PublishAsync(SampleSequences.OneEmail);
        await EnrollAsync(bench, one, 2);
        await bench.SettleAsync();
        var two = await bench.PublishAsync(SampleSequences.TwoEmails.Replace("\"value\":2,\"unit\":\"days\"", "\"value\":0,\"unit\":\"minutes\"", StringComparison.Ordinal));
        await bench.EnrollAsync(two, "lee@globex.test");
        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromMinutes(5));
        await bench.EnrollAsync(one, "bob@globex.test");
        await bench.SettleAsync();

        await bench.PassAsync(Duration.FromHours(25));
        bench.Mail.Accepted.Skip(2).Select(email => email.ToAddress).ShouldBe(["lee@globex.test"], "the other free slot is bob's, when his turn comes");
    }

    [Theory, OnEveryDatabase]
    public async Task a_promised_slot_is_kept_while_the_mailbox_is_being_checked(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, mailbox => mailbox with { MinimumGapSeconds = 600 });
        var runs = await EnrollAsync(bench, await bench.PublishAsync(SampleSequences.OneEmail), 2);
        await bench.SettleAsync();
        await bench.Database.WriteAsync(session => session.ExecuteAsync("update mailbox set health = 'checking' where health = 'healthy'", null, default), default);
        await bench.PassAsync(Duration.FromMinutes(11));
        bench.Mail.Accepted.Count.ShouldBe(1);

        var kept = await bench.Database.ReadAsync(session => session.QueryAsync<Instant>("select slot_at from enrollment where slot_at = step_next_at", null, default), default);
        kept.ShouldBe([(await FindAsync(bench, runs)).Single(run => run.EmailsSent == 0).NextAt!.Value]);
    }

    [Theory, OnEveryDatabase]
    public async Task a_deferral_is_no_send_and_gives_its_slot_back(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 1);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        bench.Mail.Script("busy@acme.test", new SendOutcome.Deferred("450 4.2.2 mailbox full"));
        await bench.EnrollAsync(sequence, "busy@acme.test");
        await bench.SettleAsync();
        await bench.EnrollAsync(sequence, "lee@globex.test");
        await bench.SettleAsync();
        bench.Mail.Accepted.ShouldHaveSingleItem().ToAddress.ShouldBe("lee@globex.test");
    }

    [Theory, OnEveryDatabase]
    public async Task behind_the_gap_everybody_has_a_planned_time_and_keeps_it(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, mailbox => mailbox with { MinimumGapSeconds = 600, GapJitterSeconds = 300 });
        var runs = await EnrollAsync(bench, await bench.PublishAsync(SampleSequences.OneEmail), 6);
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(1);
        var planned = (await FindAsync(bench, runs)).Where(run => run.EmailsSent == 0).Select(run => run.NextAt!.Value).Order().ToList();
        planned.Count.ShouldBe(5);
        planned.Prepend(bench.Now).Zip(planned, (before, after) => after - before).ShouldAllBe(gap => gap >= Duration.FromMinutes(10) && gap <= Duration.FromMinutes(15));

        foreach (var (at, index) in planned.Select((at, index) => (at, index)))
        {
            await bench.PassAsync(at - bench.Now - Duration.FromMilliseconds(1));
            bench.Mail.Accepted.Count.ShouldBe(1 + index);
            await bench.PassAsync(Duration.FromMilliseconds(1));
            bench.Mail.Accepted.Count.ShouldBe(2 + index);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task a_mailbox_on_its_ramp_plans_for_the_days_to_come(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, mailbox => mailbox with { DailyCap = 50, RampUp = new(new(2027, 1, 4), 2, 1) });
        var runs = await EnrollAsync(bench, await bench.PublishAsync(SampleSequences.OneEmail), 6);
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(2);
        (await FindAsync(bench, runs)).Where(run => run.EmailsSent == 0).ShouldAllBe(run => run.State == EnrollmentState.Active && run.NextAt > bench.Now);
        await PassHoursAsync(bench, 16);
        bench.Mail.Accepted.Count.ShouldBe(3);
        await PassHoursAsync(bench, 56);
        bench.Mail.Accepted.Count.ShouldBe(6);
    }

    [Theory, OnEveryDatabase]
    public async Task a_provider_that_asks_for_less_slows_nobody_else(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        var asked = false;
        bench.Mail.Script("grey@acme.test", (email, lastCheck) =>
        {
            if (asked) return bench.Mail.AcceptAsync(email, lastCheck);
            asked = true;
            return Task.FromResult<SendOutcome>(new SendOutcome.Deferred("421 4.7.28 too much mail from you"));
        });
        await bench.EnrollAsync(sequence, "grey@acme.test");
        await bench.SettleAsync();
        var held = await bench.EnrollAsync(sequence, "other@acme.test");
        await bench.EnrollAsync(sequence, "lee@globex.test");
        await bench.SettleAsync();

        bench.Mail.Accepted.ShouldHaveSingleItem().ToAddress.ShouldBe("lee@globex.test");
        var run = await bench.FindAsync(held);
        run.State.ShouldBe(EnrollmentState.Active);
        run.Why.Sentence.ShouldContain("acme.test");
        run.Why.Sentence.ShouldContain("4.7.28");
        await bench.PassAsync(run.NextAt!.Value - bench.Now);
        bench.Mail.Accepted.Count.ShouldBe(2, "one at a time, until the provider takes it");
        await bench.PassAsync(Duration.FromMinutes(2));
        bench.Mail.Accepted.Count.ShouldBe(3);
    }

    [Theory, OnEveryDatabase]
    public async Task a_sequence_that_takes_few_new_contacts_holds_up_no_other(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 20);
        var few = await EnrollAsync(bench, await bench.PublishAsync(With("\"newContactsPerDay\":2")), 5, "few");
        var others = await EnrollAsync(bench, await bench.PublishAsync(SampleSequences.OneEmail), 5, "many");
        await bench.SettleAsync();
        (await FindAsync(bench, few)).Count(run => run.EmailsSent == 1).ShouldBe(2);
        (await FindAsync(bench, few)).Where(run => run.State == EnrollmentState.Pending).ShouldAllBe(run => run.Position.Cap!.Name == "sequence_new_contacts");
        (await FindAsync(bench, others)).ShouldAllBe(run => run.EmailsSent == 1);
        await PassHoursAsync(bench, 48);
        (await FindAsync(bench, few)).Count(run => run.EmailsSent == 1).ShouldBeInRange(3, 4);
        await PassHoursAsync(bench, 72);
        (await FindAsync(bench, few)).ShouldAllBe(run => run.EmailsSent == 1);
    }

    [Theory, OnEveryDatabase]
    public async Task the_next_contact_starts_when_one_is_through(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var runs = await EnrollAsync(bench, await bench.PublishAsync(With("\"maximumLive\":2", twoSteps: true)), 3);
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(2);
        var waiting = (await FindAsync(bench, runs)).Single(run => run.State == EnrollmentState.Pending);
        waiting.Position.Cap!.ReleaseAt.ShouldBeNull();
        var live = (await FindAsync(bench, runs)).First(run => run.EmailsSent == 1);
        await bench.SignalAsync(live.Id, _ => new Core.Enrollments.MarkedNoReply(bench.Now, Core.Enrollments.Actor.User(bench.User)));
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(3);
    }

    [Theory, OnEveryDatabase]
    public async Task a_domain_has_a_cap_of_its_own(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, mailbox => mailbox with { DomainDailyCap = 1 });
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        foreach (var address in new[] { "a@acme.test", "b@acme.test", "c@globex.test" }) await bench.EnrollAsync(sequence, address);
        await bench.SettleAsync();
        bench.Mail.Accepted.Select(mail => mail.ToAddress).Order().ShouldBe(["a@acme.test", "c@globex.test"]);
        await PassHoursAsync(bench, 25);
        bench.Mail.Accepted.Count.ShouldBe(3);
    }

    [Theory, OnEveryDatabase]
    public async Task freed_slots_spread_over_the_day(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 4);
        await EnrollAsync(bench, await bench.PublishAsync(SampleSequences.OneEmail), 8);
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(4);
        await PassHoursAsync(bench, 25);
        bench.Mail.Accepted.Count.ShouldBe(5);
        await PassHoursAsync(bench, 6);
        bench.Mail.Accepted.Count.ShouldBe(6);
        await PassHoursAsync(bench, 12);
        bench.Mail.Accepted.Count.ShouldBe(8);
    }

    [Theory, OnEveryDatabase]
    public async Task who_waited_through_a_pause_of_the_sequence_still_goes(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 1);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        await EnrollAsync(bench, sequence, 2);
        await bench.SettleAsync();
        await bench.Get<SequencePauses>().PauseAsync(bench.Workspace, sequence, CancellationToken.None);
        await PassHoursAsync(bench, 30);
        bench.Mail.Accepted.Count.ShouldBe(1);
        await bench.Get<SequencePauses>().ResumeAsync(bench.Workspace, sequence, CancellationToken.None);
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task who_waits_past_the_end_of_the_sequence_is_taken_out(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 1);
        var runs = await EnrollAsync(bench, await bench.PublishAsync(With("\"endsOn\":\"2027-01-04\"")), 2);
        await bench.SettleAsync();
        (await FindAsync(bench, runs)).Count(run => run.State == EnrollmentState.Pending).ShouldBe(1);
        await PassHoursAsync(bench, 16);
        bench.Mail.Accepted.Count.ShouldBe(1);
        (await FindAsync(bench, runs)).Count(run => run.State == EnrollmentState.FinishedUnenrolled).ShouldBe(1);
    }

    private static string With(string settings, bool twoSteps = false) => $$"""
        {"name":"Limited","settings":{{{settings}}},"steps":[
            {"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"One"}
            {{(twoSteps ? """,{"kind":"email","delay":{"value":30,"unit":"days"},"subject":"Again","text":"Two"}""" : "")}}]}
        """;

    private static async Task<List<EnrollmentId>> EnrollAsync(EngineBench bench, SequenceId sequence, int count, string name = "lead")
    {
        var runs = new List<EnrollmentId>();
        for (var number = 1; number <= count; number++) runs.Add(await bench.EnrollAsync(sequence, $"{name}{number}@acme{number}.test"));
        return runs;
    }

    private static async Task<List<Enrollment>> FindAsync(EngineBench bench, IEnumerable<EnrollmentId> runs)
    {
        var found = new List<Enrollment>();
        foreach (var run in runs) found.Add(await bench.FindAsync(run));
        return found;
    }

    private static async Task PassHoursAsync(EngineBench bench, int hours)
    {
        for (var quarter = 0; quarter < 4 * hours; quarter++) await bench.PassAsync(Duration.FromMinutes(15));
    }
}
