using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>A message that is corrected more than once.</summary>
public sealed class RepeatedCorrectionTests
{
    [Theory, OnEveryDatabase]
    public async Task a_message_that_was_a_reply_after_all_finishes_the_run(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.OutOfOffice(bench.Mail.Accepted[0], "Thank you for your message. Your request has been received, ticket number 4711.");
        var message = await bench.ReceiveAsync();
        await bench.CorrectedAsync(message, InboundClass.AutoReply);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);

        await bench.CorrectedAsync(message, InboundClass.Reply);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(1);
        await bench.CorrectedAsync(message, InboundClass.AutoReply);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        (await bench.FunnelAsync(sequence)).Replied.ShouldBe(0);
    }
}
