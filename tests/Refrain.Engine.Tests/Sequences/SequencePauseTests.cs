using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Sequences;

public sealed class SequencePauseTests
{
    [Theory, OnEveryDatabase]
    public async Task what_was_left_of_a_delay_is_left_after_the_pause_whatever_was_told_meanwhile(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromDays(1));
        await bench.Get<SequencePauses>().PauseAsync(bench.Workspace, sequence, CancellationToken.None);
        await bench.PassAsync(Duration.FromDays(3));
        (await bench.SignalAsync(run, _ => new NoticeReceived(bench.Now, "receipt", null)))[0].Kind.ShouldBe(TransitionKind.Fact);
        await bench.PassAsync(Duration.FromDays(4));

        await bench.Get<SequencePauses>().ResumeAsync(bench.Workspace, sequence, CancellationToken.None);

        (await bench.FindAsync(run)).NextAt.ShouldBe(bench.Now + Duration.FromDays(1));
        await bench.PassAsync(Duration.FromHours(23));
        bench.Mail.Accepted.Count.ShouldBe(1);
        await bench.PassAsync(Duration.FromHours(1));
        bench.Mail.Accepted.Count.ShouldBe(2);
    }
}
