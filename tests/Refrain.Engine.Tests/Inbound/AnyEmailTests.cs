using Refrain.Core.Enrollments;
using Refrain.Engine.Mail;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>Sequences that stop on any email of the contact, beside others of his.</summary>
public sealed class AnyEmailTests
{
    private static readonly string OnAnyEmail = With("\"stopOnAnyEmail\":true,\"oneAtATime\":false");
    private static readonly string Other = With("\"oneAtATime\":false");

    [Theory, OnEveryDatabase]
    public async Task an_answer_to_another_sequence_is_an_email_too(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var contact = await bench.AddContactAsync("lee@acme.test");
        var answered = (await bench.EnrollAsync(await bench.PublishAsync(Other), contact)).Id!.Value;
        await bench.SettleAsync();
        var listening = (await bench.EnrollAsync(await bench.PublishAsync(OnAnyEmail), contact)).Id!.Value;
        await bench.SettleAsync();
        var deaf = (await bench.EnrollAsync(await bench.PublishAsync(Other), contact)).Id!.Value;

        bench.Mail.Reply(bench.Mail.Accepted[0], "Yes, please call me.");
        await bench.ReceiveAsync();

        (await bench.FindAsync(answered)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.FindAsync(listening)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.FindAsync(deaf)).State.ShouldBe(EnrollmentState.Active);
    }

    [Theory, OnEveryDatabase]
    public async Task so_is_an_answer_in_the_thread_of_a_run_that_has_long_ended(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var contact = await bench.AddContactAsync("lee@acme.test");
        var ended = (await bench.EnrollAsync(await bench.PublishAsync(Other), contact)).Id!.Value;
        await bench.SettleAsync();
        await bench.SignalAsync(ended, _ => new Removed(bench.Now, Actor.User(bench.User), RemovalRule.User));
        await bench.PassAsync(NodaTime.Duration.FromDays(300));
        var listening = (await bench.EnrollAsync(await bench.PublishAsync(OnAnyEmail), contact)).Id!.Value;
        await bench.SettleAsync();

        bench.Mail.Reply(bench.Mail.Accepted[0], "I have thought about it.");
        await bench.ReceiveAsync();

        (await bench.FindAsync(ended)).State.ShouldBe(EnrollmentState.FinishedUnenrolled);
        (await bench.FindAsync(listening)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.TimelineAsync(listening)).Count(line => line == "replied").ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task a_colleague_who_answers_stops_his_own_run_too(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var first = await bench.EnrollAsync(await bench.PublishAsync(Other), "lee@acme.test");
        await bench.SettleAsync();
        var colleague = await bench.EnrollAsync(await bench.PublishAsync(OnAnyEmail), "kim@acme.test");
        await bench.SettleAsync();

        OutgoingEmail toLee = bench.Mail.Accepted[0];
        bench.Mail.Reply(toLee with { ToAddress = "kim@acme.test" }, "Lee asked me to answer.");
        await bench.ReceiveAsync();

        (await bench.FindAsync(first)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.FindAsync(colleague)).State.ShouldBe(EnrollmentState.FinishedReplied);
    }

    private static string With(string settings) => SampleSequences.TwoEmails.Replace("\"steps\"", $"\"settings\":{{{settings}}},\"steps\"", StringComparison.Ordinal);
}
