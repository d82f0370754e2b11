using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Sending;
using Refrain.Engine.Loops;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Sending;

/// <summary>A process that is told to stop while it sends, and a server or a template that breaks.</summary>
public sealed class InterruptionTests
{
    [Theory, OnEveryDatabase]
    public async Task whoever_stops_the_process_waits_for_the_message_that_was_handed_over_and_the_rest_of_the_batch_goes_later(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        await bench.EnrollManyAsync(sequence, 5);
        await bench.Loop<AdvanceLoop>().TurnAsync(default);
        var (inData, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        bench.Mail.ScriptAll(async (email, lastCheck) =>
        {
            inData.TrySetResult();
            await answer.Task;
            return await bench.Mail.AcceptAsync(email, lastCheck);
        });
        var loop = bench.Loop<SendLoop>();
        await loop.StartAsync(default);
        await inData.Task;

        var stopping = loop.StopAsync(default);
        stopping.IsCompleted.ShouldBeFalse();
        answer.SetResult();
        await stopping;

        (await bench.StatusesAsync()).ShouldBe([("accepted", 1), ("withdrawn", 4)]);
        await bench.SettleAsync();
        bench.Mail.Accepted.Select(email => email.ToAddress).Order().ShouldBe(Enumerable.Range(0, 5).Select(index => $"lead{index}@acme.test"));
    }

    [Theory, OnEveryDatabase]
    public async Task a_send_that_breaks_loses_no_outcome_of_its_batch(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        await bench.EnrollManyAsync(sequence, 4);
        var attempts = 0;
        bench.Mail.ScriptAll((email, lastCheck) => ++attempts == 2 ? throw new InvalidOperationException("a fault of the program") : bench.Mail.AcceptAsync(email, lastCheck));
        await bench.Loop<AdvanceLoop>().TurnAsync(default);

        await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            for (var turn = 0; turn < 3; turn++) await bench.Loop<SendLoop>().TurnAsync(default);
        });

        (await bench.StatusesAsync()).ShouldBe([("accepted", 1), ("handed", 1), ("withdrawn", 2)]);
        await bench.PassAsync(Duration.FromMinutes(16));
        (await bench.StatusesAsync()).ShouldBe([("accepted", 3), ("unknown", 1)]);
        bench.Mail.Accepted.Count.ShouldBe(3);
    }

    [Theory, OnEveryDatabase]
    public async Task a_template_that_breaks_for_one_contact_fails_his_run_and_nobody_elses(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync("""
            {"name":"Growing","steps":[{"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello",
                "text":"{% assign x = contact.first_name %}{% for i in (1..9) %}{% assign x = x | replace: 'x', x %}{% endfor %}{{ x }}"}]}
            """);
        var broken = await bench.EnrollAsync(sequence, await bench.AddContactAsync("broken@acme.test", "xxxxxxxxxx"));
        await bench.EnrollAsync(sequence, "lee@acme.test");

        await bench.SettleAsync();

        bench.Mail.Accepted.ShouldHaveSingleItem().ToAddress.ShouldBe("lee@acme.test");
        var failed = await bench.FindAsync(broken.Id!.Value);
        (failed.State, failed.Failure!.Cause).ShouldBe((EnrollmentState.Failed, FailureCause.BrokenTemplate));
        failed.Failure.Detail.ShouldNotBeNull().ShouldContain("longer");
    }

    [Theory, OnEveryDatabase]
    public async Task a_row_that_breaks_holds_up_nobody_else_of_its_batch(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await bench.EnrollManyAsync(await bench.PublishAsync(SampleSequences.OneEmail), 4);
        await bench.Database.WriteAsync(session => session.ExecuteAsync(
            "update enrollment set step_id = @nowhere where contact_id = (select id from contact where email = 'lead1@acme.test')", new { nowhere = Guid.CreateVersion7() }, default), default);

        await bench.SettleAsync();

        bench.Mail.Accepted.Select(email => email.ToAddress).Order().ShouldBe(["lead0@acme.test", "lead2@acme.test", "lead3@acme.test"]);
    }

    [Theory, OnEveryDatabase]
    public async Task every_doubtful_message_comes_round_however_many_nothing_settles(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.OneEmail);
        bench.Mail.ScriptAll((_, lastCheck) =>
        {
            lastCheck().ShouldBeTrue();
            return Task.FromResult<SendOutcome>(new SendOutcome.Unknown("the connection broke after DATA"));
        });
        await bench.EnrollManyAsync(sequence, 230);
        await bench.SettleAsync();
        (await bench.StatusesAsync()).ShouldBe([("unknown", 230)]);
        var last = (await bench.Database.ReadAsync(session => session.QueryAsync<string>("select header from outbound_message order by id", null, default), default))[^1];
        bench.Mail.SentFolder.Add(last);

        await bench.PassAsync(Duration.FromMinutes(1));

        (await bench.StatusesAsync()).ShouldBe([("accepted", 1), ("unknown", 229)]);
    }

    [Theory, OnEveryDatabase]
    public async Task an_outcome_that_comes_after_the_end_is_counted(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        var user = Refrain.Core.Enrollments.Actor.User(bench.User);
        bench.Mail.Script("lee@acme.test", async (email, lastCheck) =>
        {
            var outcome = await bench.Mail.AcceptAsync(email, lastCheck);
            await bench.SignalAsync(run, _ => new Removed(bench.Now, user, RemovalRule.User));
            return outcome;
        });

        await bench.SettleAsync();

        var closed = await bench.FindAsync(run);
        (closed.State, closed.EmailsSent).ShouldBe((EnrollmentState.FinishedUnenrolled, 1));
    }
}
