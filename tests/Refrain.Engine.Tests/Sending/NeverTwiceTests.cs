using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Sending;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Loops;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Sending;

public sealed class NeverTwiceTests
{
    [Theory, OnEveryDatabase]
    public async Task an_unknown_outcome_is_never_sent_again_by_itself(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        var attempts = 0;
        bench.Mail.Script("lee@acme.test", (_, lastCheck) =>
        {
            lastCheck().ShouldBeTrue();
            attempts++;
            return Task.FromResult<SendOutcome>(new SendOutcome.Unknown("the connection broke after DATA"));
        });

        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromDays(10));

        attempts.ShouldBe(1);
        var failed = await bench.FindAsync(run);
        failed.State.ShouldBe(EnrollmentState.Failed);
        failed.Failure!.Cause.ShouldBe(FailureCause.OutcomeUnknown);
        (await bench.SignalAsync(run, _ => new Retried(bench.Now, Actor.User(bench.User))))[0].Kind.ShouldBe(TransitionKind.Refused);
    }

    [Theory, OnEveryDatabase]
    public async Task a_copy_in_the_sent_folder_settles_an_unknown_outcome(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        var header = "";
        bench.Mail.Script("lee@acme.test", (email, lastCheck) =>
        {
            lastCheck().ShouldBeTrue();
            header = email.MessageIdHeader;
            return Task.FromResult<SendOutcome>(new SendOutcome.Unknown("the connection broke after DATA"));
        });
        await bench.SettleAsync();
        bench.Mail.SentFolder.Add(header);

        await bench.PassAsync(Duration.FromMinutes(1));

        var settled = await bench.FindAsync(run);
        settled.State.ShouldBe(EnrollmentState.Active);
        settled.EmailsSent.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task a_resend_by_a_person_keeps_the_message_id(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.OneEmail), "lee@acme.test");
        var headers = new List<string>();
        bench.Mail.Script("lee@acme.test", (email, lastCheck) =>
        {
            headers.Add(email.MessageIdHeader);
            return headers.Count == 1 ? Task.FromResult<SendOutcome>(new SendOutcome.Unknown("lost")) : bench.Mail.AcceptAsync(email, lastCheck);
        });
        await bench.SettleAsync();

        await bench.SignalAsync(run, _ => new Retried(bench.Now, Actor.User(bench.User), UnknownResolution.Resend));
        await bench.SettleAsync();

        headers.Count.ShouldBe(2);
        headers[0].ShouldBe(headers[1]);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedNoReply);
    }

    [Theory, OnEveryDatabase]
    public async Task a_deferred_message_is_tried_on_the_schedule_with_one_message_id_and_then_fails(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.OneEmail), "grey@acme.test");
        var tries = new List<(Instant At, string Header)>();
        bench.Mail.Script("grey@acme.test", (email, _) =>
        {
            tries.Add((bench.Now, email.MessageIdHeader));
            return Task.FromResult<SendOutcome>(new SendOutcome.Deferred("451 4.7.1 Greylisted"));
        });
        await bench.SettleAsync();

        foreach (var delay in RetryDelays.All) await bench.PassAsync(delay);
        await bench.PassAsync(Duration.FromDays(3));

        tries.Count.ShouldBe(RetryDelays.All.Count + 1);
        tries.Select(attempt => attempt.Header).Distinct().Count().ShouldBe(1);
        tries.Zip(tries.Skip(1), (first, second) => second.At - first.At).ShouldBe(RetryDelays.All);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Failed);
    }

    [Theory, OnEveryDatabase]
    public async Task two_processes_that_advance_at_once_send_everything_once(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        var contacts = new List<Core.ContactId>();
        for (var index = 0; index < 60; index++) contacts.Add(await bench.AddContactAsync($"lead{index}@acme.test"));
        await bench.EnrollAsync(sequence, [.. contacts]);
        var second = bench.StartSecondProcess();

        await Task.WhenAll(bench.SettleAsync(), second.SettleAsync());
        await bench.SettleAsync();

        bench.Mail.Accepted.Select(email => email.ToAddress).Order().ShouldBe(Enumerable.Range(0, 60).Select(index => $"lead{index}@acme.test").Order());
    }

    [Theory, OnEveryDatabase]
    public async Task a_claim_in_an_epoch_that_a_later_owner_raised_gets_nothing(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.OneEmail), "lee@acme.test");
        var claims = bench.Get<EnrollmentClaims>();
        var probe = (await claims.ProbeAsync(bench.Now, default)).Single(bucket => bucket.NextAt is not null);
        await bench.Database.WriteAsync(session => session.ExecuteAsync("update bucket set epoch = epoch + 1", null, default), default);

        (await claims.ClaimAsync(probe.Number, probe.Epoch, bench.Now, Duration.FromMinutes(1), 10, default)).ShouldBeEmpty();
        (await claims.ClaimAsync(probe.Number, probe.Epoch + 1, bench.Now, Duration.FromMinutes(1), 10, default)).Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task an_intent_that_lay_too_long_passes_the_gates_again(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.OneEmail), "lee@acme.test");
        await bench.Loop<AdvanceLoop>().TurnAsync(default);
        (await bench.FindAsync(run)).Position.Phase.ShouldBe(Phase.Sending);
        var looks = bench.Mail.Looks;

        await bench.PassAsync(Duration.FromHours(1));

        bench.Mail.Accepted.Count.ShouldBe(1);
        bench.Mail.Looks.ShouldBeGreaterThan(looks);
    }
}
