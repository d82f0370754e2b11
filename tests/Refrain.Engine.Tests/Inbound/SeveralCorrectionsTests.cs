using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>Several misread messages of one run.</summary>
public sealed class SeveralCorrectionsTests
{
    private static readonly string ThreeEmails = SampleSequences.TwoEmails.Replace(
        "\"text\":\"Second\"}", "\"text\":\"Second\"},{\"kind\":\"email\",\"delay\":{\"value\":2,\"unit\":\"days\"},\"text\":\"Third\",\"subject\":\"Last\"}", StringComparison.Ordinal);

    [Theory]
    [InlineData(DatabaseKind.Sqlite, true), InlineData(DatabaseKind.Sqlite, false), InlineData(DatabaseKind.Postgres, true), InlineData(DatabaseKind.Postgres, false)]
    public async Task what_was_sent_between_two_misread_messages_is_not_sent_again(DatabaseKind database, bool absenceFirst)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(ThreeEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.OutOfOffice(bench.Mail.Accepted[0], "I am out of the office at the moment.");
        var absence = await bench.ReceiveAsync();
        (await bench.SignalAsync(run, _ => new Resumed(bench.Now, Actor.User(bench.User))))[0].Kind.ShouldBe(TransitionKind.Moved);
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Count.ShouldBe(2);
        bench.Mail.Reply(bench.Mail.Accepted[1], "Noted, thank you.");
        var reply = await bench.ReceiveAsync();

        await bench.CorrectedAsync(absenceFirst ? absence : reply, InboundClass.AutoReply);
        await bench.CorrectedAsync(absenceFirst ? reply : absence, InboundClass.AutoReply);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Select(email => email.Text.Trim().Split('\n')[0].Trim()).ShouldBe(["First", "Second", "Third"]);
    }

    [Theory, OnEveryDatabase]
    public async Task the_reply_that_takes_over_from_a_misread_one_is_counted(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Noted, thank you.");
        var first = await bench.ReceiveAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Yes, please send me an offer.");
        var second = await bench.ReceiveAsync();
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(1);

        await bench.CorrectedAsync(first, InboundClass.AutoReply);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(1);

        await bench.CorrectedAsync(second, InboundClass.AutoReply);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(0);
    }
}
